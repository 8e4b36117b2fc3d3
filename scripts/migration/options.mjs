import { parseArgs } from 'node:util'

/**
 * @param {string[]} args
 * @returns {{ name: string, additive: boolean, answers: object }}
 */
export function parseOptions(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      additive: { type: 'boolean', default: false },
      breaking: { type: 'boolean', default: false },
      rename: { type: 'string', multiple: true, default: [] },
      recreate: { type: 'string', multiple: true, default: [] },
      default: { type: 'string', multiple: true, default: [] },
    },
  })
  const [name] = positionals
  if (positionals.length !== 1 || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name))
    throw new Error('Give the migration one name, in lower case with hyphens: npm run migration -- add-organizations')
  if (values.additive && values.breaking) throw new Error('A migration is either --additive or --breaking')
  return {
    name,
    additive: values.additive,
    answers: {
      renames: pairs('--rename', values.rename, /^(\w+)=(\w+)$/, 'OLD=NEW'),
      recreated: values.recreate,
      defaults: pairs('--default', values.default, /^(\w+\.\w+)=(.*)$/s, 'TABLE.COLUMN=VALUE'),
      breaking: values.breaking,
    },
  }
}

function pairs(option, given, pattern, form) {
  return Object.fromEntries(
    given.map((text) => {
      const match = pattern.exec(text)
      if (!match) throw new Error(`${option} takes ${form}, not ${JSON.stringify(text)}`)
      return [match[1], match[2]]
    }),
  )
}
