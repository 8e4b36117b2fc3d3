// Checks that a second build does nothing, and that the built packages can be imported and required from the root.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { isUpToDate } from '../build/stamp.mjs'
import { root, runScript } from '../setup.mjs'

await runScript(async () => {
  if (!isUpToDate()) throw new Error('After "npm run build" a second build would build again')
  const require = createRequire(join(root, 'package.json'))
  const { exports } = JSON.parse(readFileSync(join(root, 'packages/backend/package.json'), 'utf8'))
  for (const entry of Object.keys(exports)) {
    if (entry.endsWith('.json')) continue
    const name = `@latchkey/backend${entry.slice(1)}`
    const names = execFileSync(
      process.execPath,
      ['--input-type=module', '-e', `console.log(Object.keys(await import('${name}')).join())`],
      {
        cwd: root,
        encoding: 'utf8',
      },
    )
    // A CommonJS module has these names only with `import`.
    const missing = names
      .trim()
      .split(',')
      .filter(
        (exported) => exported && !['default', 'module.exports'].includes(exported) && !(exported in require(name)),
      )
    if (missing.length > 0) throw new Error(`require('${name}') lacks ${missing.join(', ')}`)
  }
})
