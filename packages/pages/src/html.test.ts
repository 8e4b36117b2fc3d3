import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { callInBrowser, Html, markup } from './html.js'

describe('markup', () => {
  it('escapes what it is given, in text and in attributes', () => {
    const name = `"><script>alert('1')</script>&`
    const escaped = '&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;'
    expect(markup`<p title="${name}">${name}</p>`.text).toBe(`<p title="${escaped}">${escaped}</p>`)
  })

  it('takes over what is markup already, and lists of it', () => {
    const items = ['a', '<b>'].map((item) => markup`<li>${item}</li>`)
    expect(markup`<ul>${items}</ul>${new Html('<hr>')}${null}${3}`.text).toBe(
      '<ul><li>a</li><li>&lt;b&gt;</li></ul><hr>3',
    )
  })

  it('passes values to scripts that they cannot end', () => {
    const value = '</script><!--<script>\u2028'
    const { text } = callInBrowser((given: string) => given, value)
    expect(text).not.toContain('<')
    expect(text).not.toContain('\u2028')
    expect(runInNewContext(text)).toBe(value)
  })
})
