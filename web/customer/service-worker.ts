// Writes sw.js from sw.tpl.js after the build: the list of files and a version made from it.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

export function serviceWorker(template: string): Plugin {
  return {
    name: 'fenqi-service-worker',
    apply: 'build',
    writeBundle({ dir }) {
      const folder = dir ?? 'dist'
      const files = readdirSync(join(folder, 'assets')).filter((name) => /\.(js|css)$/.test(name))
      const shell = ['/index.html', '/icon.svg', ...files.sort().map((name) => `/assets/${name}`)]
      const version = createHash('sha256').update(shell.join('\n')).digest('hex').slice(0, 12)
      const source = readFileSync(template, 'utf8').replace('__VERSION__', version).replace('__FILES__', JSON.stringify(shell))
      writeFileSync(join(folder, 'sw.js'), source)
    },
  }
}
