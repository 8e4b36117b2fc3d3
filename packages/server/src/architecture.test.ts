import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const source = fileURLToPath(new URL('.', import.meta.url))

/** A folder imports only from folders above it, type imports included. */
const FOLDERS = [
  'kernel',
  'lib',
  'storage',
  'instances',
  'http',
  'outbox',
  'resources',
  'factors',
  'flows',
  'federation',
  'oauth-provider',
  'transfer',
  'compose',
  '',
]

/** Beside these pairs, which do not import each other though one stands above the other. */
const APART = [['lib', 'storage']]

/** What the files of `resources`, `factors` and `flows` may import beside `kernel`, `lib`, `instances` and `outbox`. */
const ENDINGS: Record<string, (to: Import) => boolean> = {
  table: (to) => to.path === 'storage/table' || to.ending === 'table',
  wire: (to) => ['table', 'wire', 'rules'].includes(to.ending),
  rules: (to) => ['table', 'wire', 'rules', 'errors'].includes(to.ending),
  moves: (to) => ['table', 'wire', 'rules', 'errors', 'moves'].includes(to.ending) || to.path === 'flows/moves',
  errors: () => false,
  store: (to) => to.ending === 'table' || (to.own && ['rules', 'store'].includes(to.ending)) || to.folder === 'storage',
  service: (to) =>
    ['table', 'rules', 'errors', 'wire'].includes(to.ending) ||
    (to.own && ['store', 'moves'].includes(to.ending)) ||
    (to.ending === 'service' && to.typeOnly) ||
    ['storage/rows', 'storage/tx', 'factors/factor', 'flows/moves'].includes(to.path),
  factor: (to) =>
    (to.ending === 'service' && to.typeOnly) ||
    ['rules', 'errors', 'table'].includes(to.ending) ||
    ['factors/factor', 'storage/tx'].includes(to.path),
  'backend-api': isForEndpoints,
  'frontend-api': isForEndpoints,
  // A long list of routes stands in a file of its own.
  routes: (to) => isForEndpoints(to) || (to.own && to.ending === 'routes'),
  worker: (to) => to.ending === 'store' || to.folder === 'storage',
}

function isForEndpoints(to: Import): boolean {
  return (
    (to.own && to.ending === 'service' && to.typeOnly) ||
    (to.own && to.ending === 'rules') ||
    to.ending === 'wire' ||
    to.folder === 'http'
  )
}

/** Files of these endings may import each other across folders; circles of folders are counted over the others. */
const SHARED = ['table', 'wire', 'rules', 'errors']
/** Folders that write a table of another: columns of `users` that only these touch. */
const ALSO_WRITES: Record<string, string[]> = {
  'user-credentials': ['users'],
  'user-factors': ['users'],
  lockout: ['users'],
}
const SQL_FOLDERS = ['storage', 'outbox', 'transfer']

interface Import {
  /** Without the extension, from the source folder: `storage/rows`. */
  path: string
  /** The first part of the path; empty for files beside the folders. */
  folder: string
  /** `service` of `users.service`; empty for a file without one. */
  ending: string
  /** In the same folder as the file that imports it. */
  own: boolean
  typeOnly: boolean
}

interface Source {
  path: string
  folder: string
  /** `resources/users` */
  room: string
  ending: string
  text: string
  imports: Import[]
}

const sources = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts') && !/\.(test|test-support)\.ts$/.test(file))
  .map(readSource)

function readSource(file: string): Source {
  const text = readFileSync(join(source, file), 'utf8')
  const room = dirname(file) === '.' ? '' : dirname(file)
  const imports = [
    ...text.matchAll(/^\s*(?:import|export)\s+(type\s)?[^'"]*?\sfrom\s+'(\.{1,2}\/[^']+)'/gm),
    ...text.matchAll(/\bimport\((\s*)'(\.{1,2}\/[^']+)'\)/g),
  ]
    // Data belongs to no room.
    .filter(([, , target]) => !target!.endsWith('.json'))
    .map(([, type, target]): Import => {
      const path = relative(source, join(source, room, target!))
        .replaceAll('\\', '/')
        .replace(/\.js$/, '')
      return {
        ...partsOf(path),
        own: (dirname(path) === '.' ? '' : dirname(path)) === room,
        typeOnly: type?.trim() === 'type',
      }
    })
  return { ...partsOf(file.replace(/\.ts$/, '')), room, text, imports }
}

function partsOf(path: string): { path: string; folder: string; ending: string } {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return {
    path,
    folder: path.includes('/') ? path.slice(0, path.indexOf('/')) : '',
    ending: name.includes('.') ? name.slice(name.lastIndexOf('.') + 1) : '',
  }
}

const edges = sources.flatMap((from) => from.imports.map((to) => ({ from, to })))
const sentences = (found: { from: Source; to: Import }[]) =>
  found.map(({ from, to }) => `${from.path} imports ${to.path}`)

describe('the rooms of the server', () => {
  it('are all known, and none is empty of imports', () => {
    expect(sources.length).toBeGreaterThan(150)
    expect(edges.length).toBeGreaterThan(600)
    expect(sources.filter(({ folder }) => !FOLDERS.includes(folder)).map(({ path }) => path)).toEqual([])
    const paths = new Set(sources.map(({ path }) => path))
    expect(sentences(edges.filter(({ to }) => !paths.has(to.path)))).toEqual([])
  })

  it('import only from rooms above them', () => {
    const below = edges.filter(({ from, to }) => FOLDERS.indexOf(to.folder) > FOLDERS.indexOf(from.folder))
    expect(sentences(below)).toEqual([])
    const across = edges.filter(({ from, to }) =>
      APART.some((pair) => from.folder !== to.folder && pair.includes(from.folder) && pair.includes(to.folder)),
    )
    expect(sentences(across)).toEqual([])
  })

  it('leave composition to create-server', () => {
    const composed = edges.filter(({ from, to }) => to.folder === 'compose' && from.folder !== 'compose')
    expect([...new Set(composed.map(({ from }) => from.path))].sort()).toEqual(['create-server', 'index'])
  })

  it('hold files whose ending says what they may import', () => {
    const always = ['kernel', 'lib', 'instances', 'outbox']
    const wrong = edges.filter(({ from, to }) => {
      if (!['resources', 'factors', 'flows'].includes(from.folder) || always.includes(to.folder)) return false
      const may = ENDINGS[from.ending]
      return may ? !may(to) : from.folder === 'resources'
    })
    expect(sentences(wrong)).toEqual([])
  })

  it('have no circle of folders, and their shared files no circle of files', () => {
    const rooms = new Map<string, Set<string>>()
    for (const { from, to } of edges) {
      if (SHARED.includes(from.ending) || SHARED.includes(to.ending) || to.own) continue
      const room = dirname(to.path)
      // A folder with folders inside is one room, but for the resources.
      const name = (path: string) => (path.startsWith('resources/') ? path : path.split('/')[0]!)
      if (name(from.room) !== name(room))
        rooms.set(name(from.room), (rooms.get(name(from.room)) ?? new Set()).add(name(room)))
    }
    expect(circleIn(rooms)).toEqual([])

    const files = new Map<string, Set<string>>()
    for (const { from, to } of edges) {
      if (!SHARED.includes(from.ending) || !SHARED.includes(to.ending)) continue
      files.set(from.path, (files.get(from.path) ?? new Set()).add(to.path))
    }
    expect(circleIn(files)).toEqual([])
  })

  it('write only their own tables, in stores', () => {
    const owner = new Map<string, string>()
    for (const { room, ending, text } of sources) {
      if (ending !== 'table') continue
      for (const [, name] of text.matchAll(/=\s*(?:table|bare)\(\s*'(\w+)'/g)) owner.set(name!, room)
    }
    expect(owner.size).toBeGreaterThan(20)
    const wrong: string[] = []
    for (const { path, folder, room, ending, text } of sources) {
      const mayHaveSql = SQL_FOLDERS.includes(folder) || ending === 'store' || ending === 'worker'
      const writes = [...text.matchAll(/\.(insertInto|updateTable|deleteFrom)\(\s*'(\w+)'/g)].map((match) => match[2]!)
      const reads = /\.selectFrom\(/.test(text)
      if (!mayHaveSql && (reads || writes.length > 0)) wrong.push(`${path} has SQL`)
      for (const name of writes) {
        const also = ALSO_WRITES[room.slice(room.lastIndexOf('/') + 1)] ?? []
        if (owner.get(name) !== room && !also.includes(name) && folder !== 'storage')
          wrong.push(`${path} writes ${name}`)
      }
    }
    expect(wrong).toEqual([])
  })
})

/** The names on a circle, or nothing. */
function circleIn(graph: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const done = new Set<string>()
  const visit = (name: string, path: string[]): string[] => {
    const at = path.indexOf(name)
    if (at >= 0) return [...path.slice(at), name]
    if (done.has(name)) return []
    for (const next of graph.get(name) ?? []) {
      const circle = visit(next, [...path, name])
      if (circle.length > 0) return circle
    }
    done.add(name)
    return []
  }
  for (const name of graph.keys()) {
    const circle = visit(name, [])
    if (circle.length > 0) return circle
  }
  return []
}
