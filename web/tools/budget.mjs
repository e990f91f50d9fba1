// The weight of what a first visit loads: index.html and everything that it names, and every lazy
// page. Above the budget the build fails.
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const BUDGETS = {
  customer: { first_bytes: 50_000, first_files: 4, lazy_bytes: 6_000, chat_bytes: 8_000 },
  console: { first_bytes: 220_000, first_files: 8, lazy_bytes: 165_000, chat_bytes: 165_000 },
}
let failed = false

for (const [app, budget] of Object.entries(BUDGETS)) {
  const root = join(import.meta.dirname, '..', app, 'dist')
  if (!existsSync(root)) continue
  const html = readFileSync(join(root, 'index.html'), 'utf8')
  if (/<script(?![^>]*\bsrc=)[^>]*>|<style|\sstyle=|\son\w+=/.test(html)) {
    console.error(`${app}: index.html has something inline, which the content security policy forbids`)
    failed = true
  }
  const named = [...html.matchAll(/(?:src|href)="(?:\/console)?(\/assets\/[^"]+)"/g)].map((m) => m[1])
  const weight = (file) => statSync(join(root, `${file}.br`)).size
  const first = ['index.html', ...named]
  const total = first.reduce((sum, file) => sum + weight(file), 0)
  console.log(`${app}: first load ${total} B brotli in ${first.length} files (budget ${budget.first_bytes} B, ${budget.first_files} files)`)
  for (const file of first) console.log(`  ${String(weight(file)).padStart(7)}  ${file}`)
  if (total > budget.first_bytes || first.length > budget.first_files) failed = true

  const lazy = readdirSync(join(root, 'assets')).filter((f) => /\.(js|css)$/.test(f) && !named.includes(`/assets/${f}`))
  for (const file of lazy.sort()) {
    const size = weight(`assets/${file}`)
    const allowed = /chat/i.test(file) ? budget.chat_bytes : /^(en|zh)-/.test(file) ? 12_000 : budget.lazy_bytes
    console.log(`  ${String(size).padStart(7)}  ${file}${size > allowed ? '  TOO LARGE' : ''}`)
    if (size > allowed) failed = true
  }
}
if (failed) {
  console.error('Over budget.')
  process.exit(1)
}
