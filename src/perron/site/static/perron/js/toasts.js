// An ordinary message fades after eight seconds, unless one is reading it or about to act on it;
// an error stays. The messages shown as examples in a page are left alone.

const DELAY = 8000;

export function toasts(root) {
  for (const toast of root.querySelectorAll(".toasts .toast:not(.bad)")) {
    const leave = () => {
      if (toast.matches(":hover, :focus-within")) setTimeout(leave, DELAY);
      else toast.remove();
    };
    setTimeout(leave, DELAY);
  }
}
