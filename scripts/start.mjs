// npm start: installs and builds what the server needs and lacks, then runs `latchkey dev` in this process.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { prepareBrowserPackages } from './browser-packages.mjs'
import { buildPrograms } from './build.mjs'
import { FOR_START, installDependencies, root, runScript } from './setup.mjs'

await runScript(async () => {
  const [first] = process.argv.slice(2)
  // npm takes `--port` of `npm start --port 4500` for itself.
  if (first !== undefined && !first.startsWith('-'))
    throw new Error(`"${first}" is no option. Options go behind "--": npm start -- --port 4500`)
  // Both wait for the network. Where the browser packages fail, the build tries again and says why.
  await Promise.all([installDependencies(FOR_START), prepareBrowserPackages().catch(() => {})])
  await buildPrograms()
  const program = join(root, 'packages/cli/dist/latchkey.js')
  process.argv = [process.execPath, program, 'dev', ...process.argv.slice(2)]
  await import(pathToFileURL(program).href)
})
