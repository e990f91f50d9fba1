// openStream(): follow a numbered event log. Server-sent events; when a proxy holds them back, long
// polls by the same log. Whatever happens to the connection, it goes on after the last number seen,
// so that nothing is lost and nothing comes twice.

export interface NumberedEvent {
  number: number
  kind: string
}

export type StreamState = 'connecting' | 'live' | 'waiting'

export interface StreamOptions<E extends NumberedEvent> {
  /** the address of the log, without query */
  url: string
  /** follow what comes after this number; null: from now on */
  after: number | null
  kinds: readonly string[]
  onEvent: (event: E) => void
  onState?: (state: StreamState) => void
  /** silence after which a connection counts as dead; the server's heartbeat comes every 20 s */
  watchdog_ms?: number
  backoff_ms?: { first: number; last: number }
}

export interface Stream {
  close(): void
  /** try at once: the network came back, the page is seen again */
  kick(): void
}

const SILENT_OPENINGS_BEFORE_POLLING = 2

export function openStream<E extends NumberedEvent>(options: StreamOptions<E>): Stream {
  const watchdog_ms = options.watchdog_ms ?? 45_000
  const backoff = options.backoff_ms ?? { first: 500, last: 15_000 }
  let after = options.after
  let source: EventSource | null = null
  let retryTimer: ReturnType<typeof setTimeout> | undefined
  let watchTimer: ReturnType<typeof setTimeout> | undefined
  let failures = 0
  let silentOpenings = 0
  let heard = false
  let polling: AbortController | null = null
  let closed = false

  const address = (more: string) => {
    const query = [after === null ? '' : `after=${after}`, more].filter(Boolean).join('&')
    return query ? `${options.url}?${query}` : options.url
  }

  function take(event: E): void {
    heard = true
    silentOpenings = 0
    failures = 0
    watch()
    if (event.kind === 'hb') return
    // typing is not stored: it repeats the last number
    if (event.kind !== 't' && event.kind !== 'reset') {
      if (after !== null && event.number <= after) return
      after = event.number
    }
    if (event.kind === 'reset') after = event.number || null
    options.onEvent(event)
  }

  function watch(): void {
    clearTimeout(watchTimer)
    watchTimer = setTimeout(lost, watchdog_ms)
  }

  function connect(): void {
    if (closed) return
    stop()
    options.onState?.('connecting')
    if (silentOpenings >= SILENT_OPENINGS_BEFORE_POLLING || typeof EventSource === 'undefined') {
      void poll()
      return
    }
    heard = false
    source = new EventSource(address(''))
    source.onopen = () => {
      options.onState?.('live')
      watch()
    }
    source.onerror = lost
    for (const kind of options.kinds) {
      source.addEventListener(kind, (message) => {
        try {
          take(JSON.parse((message as MessageEvent<string>).data) as E)
        } catch {
          // a broken entry is asked for again after the reconnect
          lost()
        }
      })
    }
    watch()
  }

  /** The connection is dead or silent: again, later and later, never all clients at once. */
  function lost(): void {
    if (closed) return
    if (source?.readyState === 1 && !heard) silentOpenings++
    stop()
    options.onState?.('waiting')
    const ceiling = Math.min(backoff.last, backoff.first * 2 ** failures)
    failures++
    clearTimeout(retryTimer)
    retryTimer = setTimeout(connect, ceiling / 2 + Math.random() * (ceiling / 2))
  }

  async function poll(): Promise<void> {
    const mine = new AbortController()
    polling = mine
    try {
      while (!closed && polling === mine) {
        const answer = await fetch(address('wait=25'), { signal: mine.signal })
        if (!answer.ok) throw new Error(String(answer.status))
        const body = (await answer.json()) as { events: E[]; last_number: number }
        options.onState?.('live')
        failures = 0
        for (const event of body.events) take(event)
        clearTimeout(watchTimer)
        after ??= body.last_number
      }
    } catch {
      if (polling === mine) lost()
    }
  }

  function stop(): void {
    clearTimeout(watchTimer)
    clearTimeout(retryTimer)
    source?.close()
    source = null
    polling?.abort()
    polling = null
  }

  const kick = () => {
    if (!closed && !source && !polling) {
      failures = 0
      connect()
    }
  }
  const onSeen = () => {
    if (document.visibilityState === 'visible') kick()
  }
  addEventListener('online', kick)
  document.addEventListener('visibilitychange', onSeen)
  connect()

  return {
    kick,
    close() {
      closed = true
      stop()
      removeEventListener('online', kick)
      document.removeEventListener('visibilitychange', onSeen)
    },
  }
}
