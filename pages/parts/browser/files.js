// Where the files beside the modules are: on the server, or, in a page that was saved, in that page itself.

/** @type {Record<string, string> | undefined} */
const brought = /** @type {any} */ (globalThis).brought;

/** Whether this is a saved page, which nobody serves. */
export const saved = brought !== undefined;

/** The address of a file by its path from this one. A saved page asks nobody for what it did not bring. */
export function address_of(path) {
  if (brought === undefined) return new URL(path, import.meta.url);
  if (path in brought) return new URL(brought[path]);
  throw new Error(`${path} is not in the saved page`);
}
