import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../../scripts/setup.mjs'

const folder = join(root, 'examples')
const names = readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
const read = (path: string) => readFileSync(join(folder, path), 'utf8')

interface Manifest {
  private?: boolean
  scripts: Record<string, string>
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
}

describe('the examples', () => {
  it('are listed, each with its two commands', () => {
    const rows = [...read('README.md').matchAll(/^\| \[(\S+)\]\((\S+)\) \| .+ \| (.+) \|$/gm)].map(
      ([, ...cells]) => cells,
    )
    expect(rows.toSorted()).toEqual(
      names.map((name) => [name, name, `\`npm run build\`<br>\`npm --prefix examples/${name} test\``]).toSorted(),
    )
  })

  it.each(names)('%s is not published, pins what it depends on, and says how it is tested', (name) => {
    const {
      private: isPrivate,
      scripts,
      dependencies,
      devDependencies,
    } = JSON.parse(read(`${name}/package.json`)) as Manifest
    expect(isPrivate).toBe(true)
    expect(scripts['test']).toBeTruthy()
    for (const version of Object.values({ ...dependencies, ...devDependencies }))
      expect(version).toMatch(/^\d+\.\d+\.\d+$/)
    const readme = read(`${name}/README.md`)
    for (const command of ['npm run build', 'npm test']) expect(readme).toMatch(new RegExp(`^${command}\\b`, 'm'))
  })
})
