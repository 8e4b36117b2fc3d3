// npm run NAME: how `package.json` starts the scripts of the repository, but for `npm start`. Installs missing dependencies first, so that the script
// may import them; with --help it prints the comment that the script begins with, and installs nothing.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { installDependencies, root, runScript } from './setup.mjs'

const [script, ...given] = process.argv.slice(2)
const file = join(root, script)

if (given.some((word) => word === '--help' || word === '-h')) {
  console.log(comment(readFileSync(file, 'utf8')))
} else {
  await runScript(() => installDependencies())
  process.argv = [process.execPath, file, ...given]
  if (process.exitCode === undefined) await import(pathToFileURL(file).href)
}

/** @param {string} source */
function comment(source) {
  const lines = source.split('\n')
  const first = lines.findIndex((line) => line.startsWith('//'))
  const end = lines.findIndex((line, at) => at > first && !line.startsWith('//'))
  return lines
    .slice(first, end)
    .map((line) => line.replace(/^\/\/ ?/, ''))
    .join('\n')
}
