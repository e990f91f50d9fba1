// Writes sw.js from sw.tpl.js after the build: the list of files and a version made from it.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Plugin } from 'vite'

export function serviceWorker(template: string): Plugin {
  return {
    name: 'fenqi-service-worker',
    apply: 'build',
    generateBundle(_options, bundle) {
      const files = Object.keys(bundle).filter((name) => /\.(js|css)$/.test(name)).map((name) => `/${name}`)
      const shell = ['/index.html', '/icon.svg', ...files.sort()]
      const version = createHash('sha256').update(shell.join('\n')).digest('hex').slice(0, 12)
      const source = readFileSync(template, 'utf8').replace('__VERSION__', version).replace('__FILES__', JSON.stringify(shell))
      this.emitFile({ type: 'asset', fileName: 'sw.js', source })
    },
  }
}
