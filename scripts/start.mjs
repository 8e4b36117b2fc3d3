// npm start: installs and builds what is missing, then runs `latchkey dev` in this process.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from './build.mjs'
import { installDependencies, root, runScript } from './setup.mjs'

await runScript(async () => {
  await installDependencies()
  await build()
  const program = join(root, 'packages/cli/dist/latchkey.js')
  process.argv = [process.execPath, program, 'dev', ...process.argv.slice(2)]
  await import(pathToFileURL(program).href)
})
