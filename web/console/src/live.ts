// The staff's shared log of events, followed once for the page and handed to whoever listens.
import type { Schemas } from '@fenqi/api'
import { openStream, type Stream, type StreamState } from '@fenqi/chat'
import { ref } from 'vue'

export type StaffEvent = Schemas['StaffEvent']

export const liveState = ref<StreamState>('connecting')
const listeners = new Set<(event: StaffEvent) => void>()
let stream: Stream | undefined

export function startLive(): void {
  stream ??= openStream<StaffEvent>({
    url: '/api/v1/staff/events',
    after: null,
    kinds: ['m', 'read', 'state', 'assign', 't', 'x', 'd', 'hb', 'reset'],
    onEvent: (event) => listeners.forEach((listener) => listener(event)),
    onState: (state) => (liveState.value = state),
  })
}

export function stopLive(): void {
  stream?.close()
  stream = undefined
}

/** Hear every event; the returned function ends it. */
export function onEvent(listener: (event: StaffEvent) => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
