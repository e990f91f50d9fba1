// shareStream(): one stream for all tabs of a browser. The tab that holds the lock keeps the
// connection and tells the others; when it goes, another one takes over after the last number.
import { openStream, type NumberedEvent, type Stream, type StreamOptions, type StreamState } from './stream'

type Shared<E> = { event: E } | { state: StreamState }

export function shareStream<E extends NumberedEvent>(name: string, options: StreamOptions<E>): Stream {
  if (!('locks' in navigator) || typeof BroadcastChannel === 'undefined') return openStream(options)

  const channel = new BroadcastChannel(name)
  const leave = new AbortController()
  let last = options.after
  let own: Stream | null = null
  let release: (() => void) | undefined

  const seen = (event: E) => {
    if (event.kind !== 't') last = Math.max(last ?? 0, event.number)
    options.onEvent(event)
  }
  channel.onmessage = (message: MessageEvent<Shared<E>>) => {
    if ('event' in message.data) seen(message.data.event)
    else options.onState?.(message.data.state)
  }
  navigator.locks
    .request(name, { signal: leave.signal }, () => {
      own = openStream<E>({
        ...options,
        after: last,
        onEvent(event) {
          channel.postMessage({ event })
          seen(event)
        },
        onState(state) {
          channel.postMessage({ state })
          options.onState?.(state)
        },
      })
      return new Promise<void>((resolve) => (release = resolve))
    })
    .catch(() => undefined) // left while waiting for the lock

  return {
    kick: () => own?.kick(),
    close() {
      leave.abort()
      own?.close()
      release?.()
      channel.close()
    },
  }
}
