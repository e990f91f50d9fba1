// useLoad(): what a page shows, fetched at its start, again on demand, and when the page is seen
// again after a while. A failure takes the old amounts away: nobody shall pay by a stale number.
import { onBeforeUnmount, onMounted, ref, shallowRef, type Ref, type ShallowRef } from 'vue'

const STALE_MS = 30_000

export interface Loaded<T> {
  data: ShallowRef<T | undefined>
  problem: ShallowRef<unknown>
  loading: Ref<boolean>
  /** when data was last fetched, by this device's clock */
  seenAt: Ref<number>
  reload: () => Promise<void>
}

export function useLoad<T>(load: () => Promise<T>): Loaded<T> {
  const data = shallowRef<T>()
  const problem = shallowRef<unknown>()
  const loading = ref(false)
  const seenAt = ref(0)
  let turn = 0

  async function reload(): Promise<void> {
    const mine = ++turn
    loading.value = true
    try {
      const got = await load()
      if (mine !== turn) return
      data.value = got
      problem.value = undefined
      seenAt.value = Date.now()
    } catch (error) {
      if (mine === turn) problem.value = error
    } finally {
      if (mine === turn) loading.value = false
    }
  }
  function onSeen(): void {
    const old = Date.now() - seenAt.value > STALE_MS
    if (document.visibilityState === 'visible' && (old || problem.value)) void reload()
  }
  onMounted(() => {
    document.addEventListener('visibilitychange', onSeen)
    addEventListener('online', onSeen)
  })
  onBeforeUnmount(() => {
    turn++
    document.removeEventListener('visibilitychange', onSeen)
    removeEventListener('online', onSeen)
  })
  void reload()
  return { data, problem, loading, seenAt, reload }
}

/** useAction(): something the customer does; cannot be started twice, keeps what went wrong. */
export function useAction<A extends unknown[]>(act: (...args: A) => Promise<void>) {
  const busy = ref(false)
  const problem = shallowRef<unknown>()
  async function run(...args: A): Promise<void> {
    if (busy.value) return
    busy.value = true
    problem.value = undefined
    try {
      await act(...args)
    } catch (error) {
      problem.value = error
    } finally {
      busy.value = false
    }
  }
  return { busy, problem, run }
}
