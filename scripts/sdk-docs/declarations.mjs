import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { parse } from '@babel/parser'

/**
 * The contents of a documentation comment.
 *
 * @typedef {object} Doc
 * @property {string} text in one line
 * @property {{ name: string, text: string }[]} tags such as `throws` and `see`, in their order
 */

/**
 * A type, interface or class at the top of a file.
 *
 * @typedef {object} Declaration
 * @property {string} name
 * @property {string} file without its folder
 * @property {boolean} exported
 * @property {Doc} doc
 * @property {any} node of Babel's syntax tree
 * @property {string} source the text of the file, which the node's positions refer to
 */

/**
 * Reads the declarations in files.
 *
 * @param {string[]} files
 * @returns {Declaration[]}
 */
export function readDeclarations(files) {
  return files.flatMap((file) => {
    const source = readFileSync(file, 'utf8')
    const { program } = parse(source, { sourceType: 'module', plugins: ['typescript'] })
    return program.body.flatMap((/** @type {any} */ statement) => {
      const exported = statement.type === 'ExportNamedDeclaration'
      const node = exported ? statement.declaration : statement
      if (!/^(TSInterface|TSTypeAlias|Class)Declaration$/.test(node?.type)) return []
      return [{ name: node.id.name, file: basename(file), exported, doc: readDoc(statement), node, source }]
    })
  })
}

/**
 * Reads the documentation comment before a node.
 *
 * @param {any} node
 * @returns {Doc}
 */
export function readDoc(node) {
  const comment =
    node.leadingComments?.findLast(({ type, value }) => type === 'CommentBlock' && value.startsWith('*'))?.value ?? ''
  const lines = comment
    .replace(/^\*/, '')
    .split('\n')
    .map((/** @type {string} */ line) => line.replace(/^\s*\* ?/, '').trim())
  const [text, ...tags] = lines
    .join(' ')
    .trim()
    .split(/\s+(?=@\w+)|^(?=@\w+)/)
  return {
    text: tidy(text.startsWith('@') ? '' : text),
    tags: (text.startsWith('@') ? [text, ...tags] : tags).map((tag) => {
      const [name, ...rest] = tag.slice(1).split(' ')
      return { name, text: tidy(rest.join(' ')) }
    }),
  }
}

/**
 * The text of a node in one line, without its comments.
 *
 * @param {any} node
 * @param {string} source
 */
export function textOf(node, source) {
  const text = source.slice(node.start, node.end).replace(/\/\*[^]*?\*\//g, '')
  return tidy(text)
    .replace(/^\| /, '')
    .replace(/([\w'\])}]) (?=\w+\??: )/g, '$1; ')
    .replace(/([({[<]) ?\|? ?/g, '$1')
    .replace(/(?<!\$)\{(?=\w)/g, '{ ')
    .replace(/,? \)/g, ')')
}

/** @param {string} text */
function tidy(text) {
  return text
    .replace(/\{@link (\w+)\}/g, '`$1`')
    .replace(/\s+/g, ' ')
    .trim()
}
