// Copies the application of ../nextjs, so that it uses this folder's Next. Only the name of the middleware file
// differs.
import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const source = join(import.meta.dirname, '../nextjs')

export function copyApplication() {
  for (const name of ['app', 'components', 'pages', 'next.config.js', 'variables.js']) {
    rmSync(join(import.meta.dirname, name), { recursive: true, force: true })
    cpSync(join(source, name), join(import.meta.dirname, name), { recursive: true })
  }
  cpSync(join(source, 'proxy.js'), join(import.meta.dirname, 'middleware.js'))
}
