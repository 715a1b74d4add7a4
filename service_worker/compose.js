// A page = a shell (bars, navigation, styles) + the slots of a content fragment. Both come from the server, kept apart
// so that a release which changes only the shell does not make phones fetch a single document again.
const SLOT = /<!--slot:([a-z_]+)-->([\s\S]*?)<!--\/slot-->/g;
const HOLE = /<!--slot:([a-z_]+)-->|%%slot:([a-z_]+)%%/g;
const BLOCK = /<!--when:([a-z-]+)-->([\s\S]*?)<!--\/when-->/g;

const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
/** Plain text made safe inside markup and inside a quoted attribute. */
export const escape = (text) => String(text).replace(/[&<>"']/g, (sign) => ENTITIES[sign]);

/** The slots of a fragment by name; null when it is not a fragment (a whole page, an error, a truncated reply). */
export function slotsOf(fragment) {
  const slots = Object.fromEntries([...fragment.matchAll(SLOT)].map(([, name, value]) => [name, value.trim()]));
  return "content" in slots && slots.chrome && slots.place ? slots : null;
}

export const shellOf = (slots) => `/offline/shells/${slots.chrome}-${slots.place}`;

// Values were escaped when the server rendered them; quotes and brackets are closed once more for attributes.
const quoted = (value) => value.replace(/["<>]/g, (sign) => ENTITIES[sign]);

/**
 * The whole page. Filled in one pass, so text that looks like a placeholder stays text. The stamp says `at` when it was
 * saved, in ms, which `revision` it is, and what `data-sync` says of the copy at first.
 */
export function compose(shell, slots, { at, revision, state }) {
  return shell
    .replace(HOLE, (_hole, name, attribute) => (name ? slots[name] ?? "" : quoted(slots[attribute] ?? "")))
    .replace(/<html\b/, () => `<html data-pack="${Number(at)}" data-revision="${escape(revision)}"`)
    .replace('data-sync="starting"', () => `data-sync="${state}"`);
}

/** Keep of a page with `<!--when:x-->…<!--/when-->` blocks only those for this reason. */
export const keepReason = (html, reason) => html.replace(BLOCK, (_block, name, inner) => (name === reason ? inner : ""));

/** Put `rows` where the fragment holds its list. */
export const withList = (content, rows) => content.replace(/<!--list-->[\s\S]*<!--\/list-->/, () => rows);
