// In the browser, on a page with code: all that it does.

import "./language.ts";
import "./card.ts";
import "./level.ts";
import "./copy.ts";
import "./drop.ts";
