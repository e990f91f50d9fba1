// Amounts, days and rates as the screens show them.
import { describe, expect, it } from 'vitest'
import { daysBetween, formatDay, formatFen, formatInstant, formatRate, parseYuan, yuanText } from './index'

describe('amounts', () => {
  it('shows fen as yuan, exactly, up to the cap', () => {
    expect(formatFen(0)).toBe('¥0.00')
    expect(formatFen(5)).toBe('¥0.05')
    expect(formatFen(87598)).toBe('¥875.98')
    expect(formatFen(333268)).toBe('¥3,332.68')
    expect(formatFen(-31200)).toBe('−¥312.00')
    expect(formatFen(9007199254740991)).toBe('¥90,071,992,547,409.91')
  })
  it('reads what people type', () => {
    expect(parseYuan('12')).toBe(1200)
    expect(parseYuan('12.')).toBe(1200)
    expect(parseYuan('12.3')).toBe(1230)
    expect(parseYuan(' ¥1,234.05 ')).toBe(123405)
    expect(parseYuan('１２．５')).toBe(1250)
    expect(parseYuan('12。5')).toBe(1250)
    for (const bad of ['', '.', '-1', '1.234', '1e3', 'abc', '1..2', '999999999999']) {
      expect(parseYuan(bad), bad).toBeNull()
    }
  })
  it('goes there and back', () => {
    for (const fen of [0, 1, 10, 99, 100, 12345, 99999999]) expect(parseYuan(yuanText(fen))).toBe(fen)
  })
  it('shows rates', () => {
    expect(formatRate(144_000_000)).toBe('14.40%')
    expect(formatRate(138_418_000)).toBe('13.84%')
    expect(formatRate(0)).toBe('0.00%')
  })
})

describe('days', () => {
  it('are written as people say them', () => {
    expect(formatDay('2026-11-18', 'zh', { today: '2026-11-22', weekday: true })).toBe('11月18日（周三）')
    expect(formatDay('2027-01-02', 'zh', { today: '2026-11-22' })).toBe('2027年1月2日')
    expect(formatDay('2026-11-18', 'en', { today: '2026-11-22', weekday: true })).toBe('Wed 18 Nov')
    expect(formatDay('2027-01-02', 'en', { today: '2026-11-22' })).toBe('2 Jan 2027')
  })
  it('take Beijing time from the instant itself, wherever the phone is', () => {
    expect(formatInstant('2026-11-18T00:05:00+08:00', 'zh', '2026-11-22')).toBe('11月18日 00:05')
  })
  it('are counted over months and leap years', () => {
    expect(daysBetween('2028-02-28', '2028-03-01')).toBe(2)
    expect(daysBetween('2026-11-22', '2026-11-15')).toBe(-7)
  })
})
