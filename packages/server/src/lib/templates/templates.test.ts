import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { escapeHtml, parseTemplate, renderTemplate, safeName, shownValues, type Template } from './index.js'

function parsed(source: string, partials = {}): Template {
  const result = parseTemplate(source, partials)
  if (!result.ok) throw new Error(result.reason)
  return result.template
}

const data = {
  name: 'Ada <b>',
  zero: 0,
  yes: true,
  no: false,
  nothing: null,
  empty: '',
  list: ['a', 'b'],
  none: [],
  org: { name: 'Acme', members: [{ name: 'Grace' }, { name: 'Alan' }] },
}
const render = (source: string) => renderTemplate(parsed(source), data, { escape: escapeHtml })

describe('a template', () => {
  it.each([
    ['plain } text { with {single} braces', 'plain } text { with {single} braces'],
    ['Hello {{name}}', 'Hello Ada &lt;b&gt;'],
    ['{{{name}}}|{{& name}}|{{{ name }}}', 'Ada <b>|Ada <b>|Ada <b>'],
    ['{{org.name}} {{org/name}} {{this.org.name}} {{./org.name}}', 'Acme Acme Acme Acme'],
    ['{{zero}}{{yes}}{{no}}{{nothing}}{{empty}}{{unknown}}{{unknown.deeper}}', '0truefalse'],
    ['{{list}} {{list.1}} {{list.length}} {{org}}', 'a,b b 2 '],
    ['{{#if yes}}a{{else}}b{{/if}}{{#if no}}a{{else}}b{{/if}}', 'ab'],
    ['{{#if zero}}a{{/if}}{{#if empty}}b{{/if}}{{#if none}}c{{/if}}{{#if list}}d{{/if}}', 'd'],
    ['{{#unless no}}a{{^}}b{{/unless}}', 'a'],
    ['{{#if no}}a{{else if zero}}b{{else if yes}}c{{else}}d{{/if}}!', 'c!'],
    ['{{#each list}}{{@index}}{{this}}{{#unless @last}}, {{/unless}}{{/each}}', '0a, 1b'],
    ['{{#each org.members}}{{name}} of {{../org.name}}{{@first}};{{/each}}', 'Grace of Acmetrue;Alan of Acmefalse;'],
    ['{{#each org.members}}{{#each ../list}}{{.}}{{../name}} {{/each}}{{/each}}', 'aGrace bGrace aAlan bAlan '],
    ['{{#each none}}a{{else}}nobody{{/each}}', 'nobody'],
    ['a {{! a comment }}{{!-- with }} inside --}} b', 'a  b'],
    ['a  {{~name~}}  b', 'aAda &lt;b&gt;b'],
    ['\\{{name}} is {{zero}}', '{{name}} is 0'],
  ])('renders %s', (source, expected) => {
    expect(render(source)).toBe(expected)
  })

  it.each([
    ['{{name', 'line 1: the braces are not closed'],
    ['\n\n{{#if yes}}', 'line 3: {{#if}} is not closed'],
    ['{{#if yes}}{{/each}}', 'line 1: {{/each}} closes {{#if}}'],
    ['{{/if}}', 'line 1: {{/if}} closes no block'],
    ['{{else}}', 'line 1: {{else}} belongs to no block'],
    ['{{#if a}}{{else}}{{else}}{{/if}}', 'line 1: {{else}} belongs to no block'],
    ['{{#with a}}{{/with}}', 'line 1: {{#with}} is not supported: only if, unless and each are'],
    ['{{}}', 'line 1: "" is not the name of a value'],
    ['{{#if}}{{/if}}', 'line 1: "" is not the name of a value'],
    ['{{lookup a b}}', 'line 1: "lookup a b" is not the name of a value'],
    ['{{a.[b]}}', 'line 1: "a.[b]" is not the name of a value'],
    ['{{> other}}', 'line 1: there is no partial "other"; there are none'],
    ['{{#if a}}'.repeat(11), 'line 1: blocks are nested deeper than 10 levels'],
    ['{{a}}'.repeat(1001), 'line 1: the template has more than 1000 parts'],
    ['a'.repeat(100_001), 'is longer than 100000 characters'],
  ])('says what is wrong with %.40s', (source, reason) => {
    expect(parseTemplate(source)).toEqual({ ok: false, reason })
  })

  it('includes partials, but nothing else', () => {
    const partials = { logo: parsed('<b>{{name}}</b>') }
    expect(renderTemplate(parsed('{{> logo}}!', partials), data, { escape: escapeHtml })).toBe('<b>Ada &lt;b&gt;</b>!')
    expect(parseTemplate('{{> constructor}}', partials)).toMatchObject({ ok: false })
  })

  it.each([
    'constructor',
    '__proto__',
    'toString',
    'list.map',
    'name.length',
    'org.constructor.name',
    'list.__proto__',
  ])('knows no property that the data does not have: %s', (path) => {
    expect(render(`{{${path}}}{{#if ${path}}}yes{{/if}}`)).toBe('')
  })

  it('reads an own property whatever its name', () => {
    const own = JSON.parse('{"__proto__": "a", "constructor": {"name": "b"}}') as object
    expect(renderTemplate(parsed('{{__proto__}}{{constructor.name}}'), { own, ...own })).toBe('ab')
    expect(renderTemplate(parsed('{{own.__proto__}}'), { own })).toBe('a')
  })

  it('stops when the result becomes too large, or takes too long', () => {
    const many = { list: Array.from({ length: 1000 }, () => 'x'.repeat(300)) }
    expect(renderTemplate(parsed('{{#each list}}{{this}}{{/each}}'), many)).toBeUndefined()
    const list: unknown[] = []
    for (let count = 0; count < 10; count++) list.push(list)
    const loops = parsed(`{{#each list}}${'{{#each this}}'.repeat(9)}${'{{/each}}'.repeat(10)}`)
    expect(renderTemplate(loops, { list })).toBeUndefined()
  })

  it('lists the values that it always shows', () => {
    const source = '{{a}}{{#if b}}{{c.d}}{{else}}{{e}}{{/if}}{{#each f}}{{g}}{{../h}}{{/each}}\\{{i}}{{!j}}'
    expect([...shownValues(parsed(source))].sort()).toEqual(['a', 'c.d', 'e', 'h'])
  })

  it('never throws, and comes to an end, whatever it is given', () => {
    const parts = fc.constantFrom(
      '{{',
      '}}',
      '{{{',
      '}}}',
      '#if ',
      '/if',
      'else',
      '#each ',
      '/each',
      'a',
      '../',
      '.',
      '~',
      '!--',
      '--',
      '\\',
      '@index',
      ' ',
    )
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 60 }), (some) => {
        const result = parseTemplate(some.join(''))
        if (result.ok) expect(typeof renderTemplate(result.template, { a: [{ a: [1] }] })).toBe('string')
        else expect(result.reason).not.toBe('')
      }),
    )
    // A parser that reads the rest of the text again for each tag would take minutes.
    for (const part of ['{{', '{{{', '{{!--', '{{a', '}}', '~}}{{~', '\\{{', '{{#if a}}{{else ']) {
      expect(parseTemplate(part.repeat(100_000 / part.length)).ok).toBe(part === '}}')
    }
  })

  it('never shows markup of a value that is not raw', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const shown = renderTemplate(parsed('{{value}}'), { value }, { escape: escapeHtml })!
        expect(shown).not.toMatch(/[<>"']/)
      }),
    )
  })
})

describe('a name in a mail', () => {
  it.each([
    ['Ada Lovelace', 'Ada Lovelace'],
    ['Dr. Ada', 'Dr. Ada'],
    ['  a\r\n\tb\0c ', 'a b c'],
    ['\u202Eevil\u2066', 'evil'],
    ['Visit evil.example now', 'Visit evil.\u200Bexample now'],
    ['https://evil.example/a', 'https:\u200B//evil.\u200Bexample/a'],
    ['a@b.example', 'a@\u200Bb.\u200Bexample'],
    ['x'.repeat(101), `${'x'.repeat(99)}…`],
  ])('is safe: %j', (name, safe) => {
    expect(safeName(name)).toBe(safe)
  })
})
