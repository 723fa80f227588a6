// The arrow keys move to the thing most in front.

export const DIRECTIONS = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

// The nearest of `things` in a direction: distance, with what lies aside counted twice.
export function ahead(from, things, centre, [dx, dy]) {
  const [x, y] = centre(from);
  let best = null;
  let least = Infinity;
  for (const thing of things) {
    const [tx, ty] = centre(thing);
    const forward = (tx - x) * dx + (ty - y) * dy;
    if (thing === from || forward <= 0) continue;
    const aside = Math.abs((tx - x) * dy) + Math.abs((ty - y) * dx);
    if (aside > forward * 2) continue;
    if (forward + 2 * aside < least) [best, least] = [thing, forward + 2 * aside];
  }
  return best;
}
