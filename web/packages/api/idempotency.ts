// Idempotency keys that survive a double tap, a lost answer and a reload of the page.
// One key stands for one body; it is forgotten once the server has answered.

const PREFIX = 'fenqi-key:'

function fresh(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(18))
  return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_')
}

/** The key for sending `body` in `scope`: the same as before while no answer has come. */
export function keyFor(scope: string, body: unknown): string {
  const text = JSON.stringify(body)
  const stored = read(scope)
  if (stored && stored.body === text) return stored.key
  const key = fresh()
  write(scope, JSON.stringify({ body: text, key }))
  return key
}

/** Forget the key: the server has answered. Not to be called after a network failure. */
export function keyAnswered(scope: string): void {
  try {
    sessionStorage.removeItem(PREFIX + scope)
  } catch {
    memory.delete(scope)
  }
}

const memory = new Map<string, string>()

function read(scope: string): { body: string; key: string } | null {
  try {
    const text = sessionStorage.getItem(PREFIX + scope) ?? memory.get(scope)
    return text ? (JSON.parse(text) as { body: string; key: string }) : null
  } catch {
    return null
  }
}

function write(scope: string, text: string): void {
  try {
    sessionStorage.setItem(PREFIX + scope, text)
  } catch {
    memory.set(scope, text)
  }
}
