// Languages, and that each text stands in both.
import { describe, expect, it } from 'vitest'
import { both, language, loadTexts, setLanguage, t } from './index'
import { en } from './en'
import { zhCore } from './zh-core'
import { zhMore } from './zh-more'

const zh = { ...zhCore, ...zhMore }
const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort()

describe('catalogues', () => {
  it('have the same keys, and no key twice', () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort())
    expect(Object.keys(zhCore).filter((key) => key in zhMore)).toEqual([])
  })
  it('have the same values to fill in', () => {
    for (const [key, text] of Object.entries(zh)) expect(holes(en[key as keyof typeof zh]), key).toEqual(holes(text))
  })
  it('say nothing empty and no threat', () => {
    for (const text of [...Object.values(zh), ...Object.values(en)]) {
      expect(text.trim()).not.toBe('')
      expect(text).not.toMatch(/尊敬的|起诉|法律后果|失败请重试/)
    }
  })
})

describe('t', () => {
  it('fills in, and follows the language', async () => {
    await loadTexts()
    expect(t('plan.number', { n: 3, all: 12 })).toBe('第 3/12 期')
    expect(t('nav.close')).toBe('关闭')
    await setLanguage('en')
    expect(language.value).toBe('en')
    expect(document.documentElement.lang).toBe('en')
    expect(t('plan.number', { n: 3, all: 12 })).toBe('3 of 12')
    expect(both({ label_zh: '余额', label_en: 'Balance' }, 'label')).toBe('Balance')
    await setLanguage('zh')
    expect(both({ label_zh: '余额', label_en: 'Balance' }, 'label')).toBe('余额')
    expect(both({ reason_zh: null, reason_en: null }, 'reason')).toBe('')
  })
})
