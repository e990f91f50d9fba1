// Refusals and failures as one error class, so that every screen can say what happened in words.
import type { components } from './schema'

export type Problem = components['schemas']['Problem']

/** Thrown by unwrap(): an answer that is a problem, or no answer at all (`code` is `network`). */
export class ProblemError extends Error {
  constructor(
    readonly problem: Problem,
    readonly retryAfterSeconds: number | null = null,
  ) {
    super(problem.code)
    this.name = 'ProblemError'
  }
  get code(): string {
    return this.problem.code
  }
  get status(): number {
    return this.problem.status
  }
}

/** The problem shown when the network gave no answer; whether the server got the call is unknown. */
export function networkProblem(): Problem {
  return {
    type: '/problems/network',
    title: '网络连接失败',
    title_en: 'No connection',
    status: 0,
    code: 'network',
    detail: '没有收到服务器的回应，请检查网络后重试。重试不会重复扣款。',
    detail_en: 'The server did not answer. Check the connection and try again; nothing is charged twice.',
    instance: '',
  }
}

/** The problem shown when an answer came that is not in the form of the contract (a proxy's page). */
export function strangeAnswerProblem(status: number): Problem {
  return {
    type: '/problems/strange_answer',
    title: '服务暂时不可用',
    title_en: 'Service unavailable for now',
    status,
    code: 'strange_answer',
    detail: '请稍后重试。重试不会重复扣款。',
    detail_en: 'Please try again soon; nothing is charged twice.',
    instance: '',
  }
}

export function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'code' in value && 'title' in value
}
