// npm run lint [-- OPTIONS]: checks the formatting, then runs oxlint with type-aware rules. Options are passed to oxlint.
// `npm run format` fixes the formatting.
import { join } from 'node:path'
import { FOLDERS, format } from './format.mjs'
import { root, run, runScript } from './setup.mjs'

await runScript(async () => {
  await format('--check')
  const oxlint = join(root, 'node_modules/oxlint/bin/oxlint')
  await run(process.execPath, [oxlint, '--type-aware', '--deny-warnings', ...process.argv.slice(2), ...FOLDERS])
})
