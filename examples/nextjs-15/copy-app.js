// The application is that of ../nextjs, copied so that it finds its own Next. Only the name of the middleware's file is another.
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
