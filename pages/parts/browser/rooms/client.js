// How a page speaks to its server about rooms, and what the browser remembers of them: who votes, what was voted, and
// of a room opened here the secret that makes this tab its teacher's. It stands in no address.

const SILENT = { answer: null, status: 0, sentence: "The server does not answer." };

// Of the app, under any base path; asked for only where there is a server.
const server = () => new URL("../../../", import.meta.url);

/**
 * One request to a room: the answer, or what was refused, with a status of 0 where nobody answered.
 * @returns {Promise<{answer: Response | null, status: number, sentence: string}>}
 */
export async function post(path, act, body) {
  const headers = { "Content-Type": "application/json" };
  try {
    const answer = await fetch(new URL(`${path}/${act}`, server()), {
      method: "POST",
      headers,
      body: JSON.stringify(body),
    });
    const { ok, status } = answer;
    if (ok) return { answer, status, sentence: "" };
    return { answer: null, status, sentence: status < 500 ? await answer.text() : "Rooms cannot be kept just now." };
  } catch {
    return SILENT;
  }
}

/** The address that students open: the app's own, with the code. */
export const link_to = (code, page = "") => `${server()}${page}?room=${code}`;

// A browser may keep nothing, in a frame of another site or by its owner's wish: then a reload forgets.
const forgetful = new Map();

const read = (storage, key) => {
  try {
    return storage().getItem(key) ?? forgetful.get(key) ?? null;
  } catch {
    return forgetful.get(key) ?? null;
  }
};

const write = (storage, key, text) => {
  forgetful.set(key, text);
  try {
    storage().setItem(key, text);
  } catch {
    // remembered above, until the reload
  }
};

const browser = () => localStorage, tab = () => sessionStorage;

/** This browser's own number, the same in all its tabs; the server keeps only a mark of it, another in each room. */
export function voter() {
  const known = read(browser, "rooms.voter");
  if (known) return known;
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  write(browser, "rooms.voter", [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(""));
  return read(browser, "rooms.voter");
}

export const secret_of = (code) => read(tab, `rooms.secret.${code}`) || null;
export const keep_secret = (code, secret) => write(tab, `rooms.secret.${code}`, secret);

/** What this browser voted in a round, or undefined. */
export function vote_in(code, round) {
  const [of, answer] = (read(browser, `rooms.vote.${code}`) ?? "").split(":");
  return answer && Number(of) === round ? Number(answer) : undefined;
}

export const keep_vote = (code, round, answer) => write(browser, `rooms.vote.${code}`, `${round}:${answer}`);
