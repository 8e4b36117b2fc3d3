import { execFileSync } from 'node:child_process'
import { installNodes } from '../../scripts/apart.mjs'
import { median } from '../lib/drive.mjs'
import { measureClients } from './measure-client.mjs'

/** One `users.getUser` on each supported version of Node, which are installed in `.build`. */
export async function measureNodes({ quick, log }) {
  const rows = []
  for (const { program } of await installNodes()) {
    const version = execFileSync(program, ['--version'], { encoding: 'utf8' }).trim().slice(1)
    log(`nodes: ${version}`)
    const figures = await measureClients({ quick, log, program })
    for (const connections of Object.keys(figures)) {
      const cost = (name) => median(figures[connections][name])
      const [bare, ours, official] = ['bare node:http', '@latchkey/backend over node:http', '@clerk/backend'].map(cost)
      const cells = [bare, ours, official].map((micros) => micros.toFixed(0))
      rows.push(`| ${version} | ${connections} | ${cells.join(' | ')} | ${(ours / official).toFixed(2)} |`)
    }
  }
  return [
    '## users.getUser on each version of Node',
    '',
    '`npm run bench -- --only nodes`. CPU of the client, in µs.',
    '',
    '| Node | at a time | bare node:http | @latchkey/backend over node:http | @clerk/backend | of official |',
    '|---|--:|--:|--:|--:|--:|',
    ...rows,
  ].join('\n')
}
