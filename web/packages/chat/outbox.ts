// The outbox of chat messages: kept on the device until the server has taken them. Sending again is
// harmless, for the server stores a client_id once.

export type OutboxState = 'waiting' | 'sending' | 'failed'

export interface Outgoing {
  client_id: string
  text: string
  order_id?: string
  /** this device's clock, only for the order on the screen */
  written_at: number
  state: OutboxState
}

export interface OutboxOptions {
  /** the place in localStorage; one per customer */
  store: string
  /** resolves when the server has the message; rejects with `final` true when it never will */
  send: (message: Outgoing) => Promise<void>
  onChange: (messages: readonly Outgoing[]) => void
  retry_ms?: number
}

export class RefusedMessage extends Error {}

export class Outbox {
  private messages: Outgoing[]
  private running = false
  private timer: ReturnType<typeof setTimeout> | undefined
  private stopped = false

  constructor(private readonly options: OutboxOptions) {
    this.messages = this.read()
    addEventListener('online', this.flush)
    this.changed()
    void this.flush()
  }

  add(text: string, order_id?: string): void {
    const client_id = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2, 12)}`
    const message: Outgoing = { client_id, text, written_at: Date.now(), state: 'waiting' }
    if (order_id) message.order_id = order_id
    this.messages = [...this.messages, message]
    this.changed()
    void this.flush()
  }

  /** The server has this one (its answer or the event came). */
  delivered(client_id: string): void {
    if (!this.messages.some((m) => m.client_id === client_id)) return
    this.messages = this.messages.filter((m) => m.client_id !== client_id)
    this.changed()
  }

  retry(client_id: string): void {
    this.set(client_id, 'waiting')
    void this.flush()
  }

  close(): void {
    this.stopped = true
    clearTimeout(this.timer)
    removeEventListener('online', this.flush)
  }

  /** Send what waits, in the order in which it was written. */
  readonly flush = async (): Promise<void> => {
    if (this.running || this.stopped) return
    this.running = true
    clearTimeout(this.timer)
    try {
      for (;;) {
        const next = this.messages.find((m) => m.state === 'waiting')
        if (!next || this.stopped) break
        this.set(next.client_id, 'sending')
        try {
          await this.options.send(next)
          this.delivered(next.client_id)
        } catch (error) {
          if (error instanceof RefusedMessage) {
            this.set(next.client_id, 'failed')
            continue
          }
          this.set(next.client_id, 'waiting')
          this.timer = setTimeout(() => void this.flush(), this.options.retry_ms ?? 3000)
          break
        }
      }
    } finally {
      this.running = false
    }
  }

  private set(client_id: string, state: OutboxState): void {
    this.messages = this.messages.map((m) => (m.client_id === client_id ? { ...m, state } : m))
    this.changed()
  }

  private changed(): void {
    try {
      if (this.messages.length) localStorage.setItem(this.options.store, JSON.stringify(this.messages))
      else localStorage.removeItem(this.options.store)
    } catch {
      // no storage: the outbox lives as long as the page
    }
    this.options.onChange(this.messages)
  }

  private read(): Outgoing[] {
    try {
      const stored = JSON.parse(localStorage.getItem(this.options.store) ?? '[]') as Outgoing[]
      // what was being sent when the page went away is sent again
      return stored.map((m) => (m.state === 'sending' ? { ...m, state: 'waiting' } : m))
    } catch {
      return []
    }
  }
}
