// Everything works without script; these modules make it quicker. No dependency, no global.
import { provenance } from "./provenance.js";
import { tables } from "./tables.js";
import { maps } from "./maps.js";
import { points } from "./points.js";
import { search } from "./search.js";
import { combobox } from "./combobox.js";
import { theme } from "./theme.js";
import { menu } from "./menu.js";
import { toasts } from "./toasts.js";

provenance(document);
tables(document);
maps(document);
points(document);
search(document);
combobox(document);
theme(document);
menu(document);
toasts(document);
