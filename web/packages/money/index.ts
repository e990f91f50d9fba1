// Amounts in fen, days and instants of Beijing as the server sends them: shown, and typed in.
// Nothing here adds money up or makes up a date; the server does both.

export type Language = 'zh' | 'en'

/** ¥1,234.56 from fen; a minus sign stands in front of the currency sign. */
export function formatFen(fen: number): string {
  const absolute = Math.abs(fen)
  const yuan = Math.floor(absolute / 100)
  const rest = String(absolute % 100).padStart(2, '0')
  const grouped = String(yuan).replace(/\B(?=(\d{3})+(?!\d))/g, ',')
  return `${fen < 0 ? '−' : ''}¥${grouped}.${rest}`
}

/** Fen from what a person types (12, 12.3, 12.34, 1,234.00, ¥12, full-width digits); null when it is no amount. */
export function parseYuan(text: string): number | null {
  const plain = text
    .normalize('NFKC')
    .replaceAll('。', '.')
    .replace(/[¥,\s]/g, '')
  const match = /^(\d{1,11})(?:\.(\d{0,2}))?$/.exec(plain)
  if (!match) return null
  return Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'))
}

/** 12.34 from fen: what an input field holds. */
export function yuanText(fen: number): string {
  return `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`
}

/** 14.40% from a yearly rate per billion. */
export function formatRate(perBillion: number): string {
  const basisPoints = Math.round(perBillion / 100_000)
  return `${Math.floor(basisPoints / 100)}.${String(basisPoints % 100).padStart(2, '0')}%`
}

const WEEKDAYS_ZH = ['日', '一', '二', '三', '四', '五', '六']
const WEEKDAYS_EN = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS_EN = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

interface DayStyle {
  /** the year is left out when it is this year's (of the business date) */
  today?: string
  weekday?: boolean
}

/** 11月18日（周三） from 2026-11-18; with the year when it is not that of `today`. */
export function formatDay(day: string, language: Language, style: DayStyle = {}): string {
  const [year, month, date] = parts(day)
  const sameYear = style.today?.slice(0, 4) === day.slice(0, 4)
  const weekday = new Date(Date.UTC(year, month - 1, date)).getUTCDay()
  if (language === 'zh') {
    const head = sameYear ? '' : `${year}年`
    return `${head}${month}月${date}日${style.weekday ? `（周${WEEKDAYS_ZH[weekday]}）` : ''}`
  }
  const tail = sameYear ? '' : ` ${year}`
  return `${style.weekday ? `${WEEKDAYS_EN[weekday]} ` : ''}${date} ${MONTHS_EN[month - 1]}${tail}`
}

/** 11月18日 09:05 from an instant in +08:00: its own digits are Beijing time. */
export function formatInstant(instant: string, language: Language, today?: string): string {
  const day = formatDay(instant.slice(0, 10), language, today ? { today } : {})
  return `${day} ${instant.slice(11, 16)}`
}

/** 09:05 from an instant. */
export function formatTime(instant: string): string {
  return instant.slice(11, 16)
}

/** Whole days from one day to another. */
export function daysBetween(from: string, to: string): number {
  const [fy, fm, fd] = parts(from)
  const [ty, tm, td] = parts(to)
  return (Date.UTC(ty, tm - 1, td) - Date.UTC(fy, fm - 1, fd)) / 86_400_000
}

function parts(day: string): [number, number, number] {
  return [Number(day.slice(0, 4)), Number(day.slice(5, 7)), Number(day.slice(8, 10))]
}
