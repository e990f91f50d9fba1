// The outbox sends each message once, the stream resumes by number.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Outbox, RefusedMessage, type Outgoing } from './outbox'
import { openStream, type NumberedEvent } from './stream'

class FakeSource {
  static all: FakeSource[] = []
  readyState = 0
  onopen: (() => void) | null = null
  onerror: (() => void) | null = null
  listeners = new Map<string, (m: { data: string }) => void>()
  constructor(readonly url: string) {
    FakeSource.all.push(this)
  }
  addEventListener(kind: string, listener: (m: { data: string }) => void): void {
    this.listeners.set(kind, listener)
  }
  close(): void {
    this.readyState = 2
  }
  open(): void {
    this.readyState = 1
    this.onopen?.()
  }
  say(event: NumberedEvent): void {
    this.listeners.get(event.kind)?.({ data: JSON.stringify(event) })
  }
}

beforeEach(() => {
  vi.useFakeTimers()
  FakeSource.all = []
  vi.stubGlobal('EventSource', FakeSource)
  localStorage.clear()
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('stream', () => {
  function start(after: number | null = 5) {
    const got: number[] = []
    const stream = openStream<NumberedEvent>({
      url: '/events',
      after,
      kinds: ['m', 't', 'hb', 'reset'],
      onEvent: (e) => got.push(e.number),
    })
    return { got, stream, last: () => FakeSource.all.at(-1)! }
  }

  it('goes on after the last number and drops what it has seen', () => {
    const { got, last, stream } = start()
    expect(last().url).toBe('/events?after=5')
    last().open()
    last().say({ number: 6, kind: 'm' })
    last().say({ number: 8, kind: 'm' })
    last().onerror?.()
    vi.advanceTimersByTime(1000)
    expect(FakeSource.all).toHaveLength(2)
    expect(last().url).toBe('/events?after=8')
    last().open()
    last().say({ number: 8, kind: 'm' })
    last().say({ number: 9, kind: 'm' })
    expect(got).toEqual([6, 8, 9])
    stream.close()
  })
  it('notices a dead connection by its silence', () => {
    const { last, stream } = start()
    last().open()
    last().say({ number: 6, kind: 'm' })
    vi.advanceTimersByTime(44_000)
    last().say({ number: 6, kind: 'hb' })
    vi.advanceTimersByTime(44_000)
    expect(FakeSource.all).toHaveLength(1)
    vi.advanceTimersByTime(2_000)
    expect(FakeSource.all[0]!.readyState).toBe(2)
    vi.advanceTimersByTime(1_000)
    expect(FakeSource.all).toHaveLength(2)
    stream.close()
  })
  it('takes typing though it carries an old number', () => {
    const { got, last, stream } = start()
    last().open()
    last().say({ number: 5, kind: 't' })
    expect(got).toEqual([5])
    stream.close()
  })
  it('polls when two openings stayed silent', async () => {
    const fetcher = vi.fn().mockResolvedValueOnce(new Response(JSON.stringify({ events: [{ number: 6, kind: 'm' }], last_number: 6 }))).mockImplementation(() => new Promise(() => undefined))
    vi.stubGlobal('fetch', fetcher)
    const { got, last, stream } = start()
    last().open()
    vi.advanceTimersByTime(46_000)
    last().open()
    await vi.advanceTimersByTimeAsync(50_000)
    expect(fetcher.mock.calls[0]![0]).toBe('/events?after=5&wait=25')
    expect(got).toEqual([6])
    expect(fetcher.mock.calls[1]![0]).toBe('/events?after=6&wait=25')
    stream.close()
  })
  it('stops for good when closed', () => {
    const { stream, last } = start()
    stream.close()
    expect(last().readyState).toBe(2)
    vi.advanceTimersByTime(100_000)
    expect(FakeSource.all).toHaveLength(1)
  })
})

describe('outbox', () => {
  it('sends in order, keeps what failed, and sends it again under the same id', async () => {
    const sent: string[] = []
    let broken = true
    let shown: readonly Outgoing[] = []
    const outbox = new Outbox({
      store: 'box',
      send: async (m) => {
        sent.push(m.client_id)
        if (broken) throw new Error('network')
      },
      onChange: (messages) => (shown = messages),
    })
    outbox.add('one')
    outbox.add('two')
    await vi.advanceTimersByTimeAsync(0)
    expect(shown.map((m) => [m.text, m.state])).toEqual([['one', 'waiting'], ['two', 'waiting']])
    expect(JSON.parse(localStorage.getItem('box')!)).toHaveLength(2)
    broken = false
    await vi.advanceTimersByTimeAsync(3000)
    expect(shown).toEqual([])
    expect(sent[0]).toBe(sent[1])
    expect(new Set(sent).size).toBe(2)
    expect(localStorage.getItem('box')).toBeNull()
    outbox.close()
  })
  it('delivers after a reload what was being sent', async () => {
    localStorage.setItem('box', JSON.stringify([{ client_id: 'aaaaaaaa', text: 'x', written_at: 1, state: 'sending' }]))
    const send = vi.fn().mockResolvedValue(undefined)
    const outbox = new Outbox({ store: 'box', send, onChange: () => undefined })
    await vi.advanceTimersByTimeAsync(0)
    expect(send).toHaveBeenCalledOnce()
    expect(localStorage.getItem('box')).toBeNull()
    outbox.close()
  })
  it('gives up a message that the server refuses, not those after it', async () => {
    let shown: readonly Outgoing[] = []
    const outbox = new Outbox({
      store: 'box',
      send: async (m) => {
        if (m.text === 'bad') throw new RefusedMessage()
      },
      onChange: (messages) => (shown = messages),
    })
    outbox.add('bad')
    outbox.add('good')
    await vi.advanceTimersByTimeAsync(0)
    expect(shown.map((m) => [m.text, m.state])).toEqual([['bad', 'failed']])
    outbox.close()
  })
})
