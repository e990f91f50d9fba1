// Live events of the customer: messages, payments, notices. The stream itself is fetched when it is
// first needed, one for all tabs.
import type { Schemas } from '@fenqi/api'
import type { Stream, StreamState } from '@fenqi/chat'
import { both } from '@fenqi/i18n'
import { toast } from '@fenqi/kit'
import { ref } from 'vue'
import { unread } from './api'

type Event = Schemas['Event']

const listeners = new Set<(event: Event) => void>()
export const liveState = ref<StreamState>('connecting')
let stream: Promise<Stream> | undefined

/** Hear every event; the returned function ends it. */
export function onEvent(listener: (event: Event) => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Begin to follow (once); `after` is the last number that is known. */
export function startLive(after: number | null = null): void {
  stream ??= import('@fenqi/chat').then(({ shareStream }) =>
    shareStream<Event>('fenqi-events', {
      url: '/api/v1/events',
      after,
      kinds: ['m', 'read', 'state', 'assign', 't', 'p', 'n', 'hb', 'reset'],
      onEvent: take,
      onState: (state) => (liveState.value = state),
    }),
  )
}

/** Stop following: logged out. */
export async function stopLive(): Promise<void> {
  const old = stream
  stream = undefined
  ;(await old)?.close()
}

function take(event: Event): void {
  if (event.kind === 'm' && event.message?.from === 'staff') unread.messages++
  if (event.kind === 'n' && event.notice) {
    unread.notices++
    toast(both(event.notice, 'title'))
  }
  for (const listener of listeners) listener(event)
}
