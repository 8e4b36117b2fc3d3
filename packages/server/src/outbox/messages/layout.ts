import { escapeHtml } from '../../lib/templates/index.js'
import type { Description } from './descriptions.js'
import type { Language, MailTexts } from './languages/index.js'

/** Colours that a mail program may invert without making anything unreadable: none is pure white or black. */
const LIGHT = { page: '#f2f2f4', card: '#fdfdfe', text: '#26272d', dim: '#5b5d67', line: '#dedfe4', code: '#efeff2' }
const DARK = { page: '#16171a', card: '#202126', text: '#ececf0', dim: '#a9abb5', line: '#3a3c44', code: '#2c2d34' }

const FONT = `-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif`
const MONOSPACE = `ui-monospace,SFMono-Regular,Menlo,Consolas,monospace`
/** Fills the line that lists of mail show, so that nothing of the body follows the preview. */
const PADDING = '&#847;&zwnj;&nbsp;'.repeat(50)

/** For programs that read a `style`: what cannot be said inline. */
const STYLE = `
:root{color-scheme:light dark;supported-color-schemes:light dark}
a{color:inherit}
@media (max-width:600px){.card{padding:24px 20px !important}td.page{padding:12px !important}}
@media (prefers-color-scheme:dark){
.page{background:${DARK.page} !important}
.card{background:${DARK.card} !important;border-color:${DARK.line} !important}
.text,h1{color:${DARK.text} !important}
.dim{color:${DARK.dim} !important}
.code{background:${DARK.code} !important;color:${DARK.text} !important}
.line{border-color:${DARK.line} !important}
.button{border-color:${DARK.dim} !important}
.logo{padding:6px 8px !important}
}`

interface Parts {
  description: Description
  texts: MailTexts
  language: Language
}

/** The Handlebars source of a mail's HTML: one column, 600 pixels wide. */
export function toHtmlSource(parts: Parts): string {
  const { description, texts, language } = parts
  const { tag, direction, common } = language
  const say = (text: string) => inHtml(expand(text, language), direction)
  const paragraphs = texts.paragraphs.map((text) => paragraph(say(text), 'text', LIGHT.text, 16))
  const shown = [
    ...paragraphs,
    description.code === undefined ? '' : codeInHtml(description.code),
    factsInHtml(description.facts ?? [], language),
    description.button === undefined ? '' : buttonInHtml(description.button, texts.button ?? '', say(common.copyLink)),
    isAsked(description) ? paragraph(say(common.asked), 'dim', LIGHT.dim, 14) : '',
  ].filter((part) => part !== '')
  return `<!doctype html>
<html lang="${tag}" dir="${direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no,date=no,address=no,email=no,url=no">
<title>${escapeHtml(texts.heading)}</title>
<style>${STYLE}
</style>
</head>
<body class="page" bgcolor="${LIGHT.page}" style="margin:0;padding:0;background:${LIGHT.page};word-spacing:normal">
<div style="display:none;max-height:0;overflow:hidden;mso-hide:all">${say(texts.preview)}${PADDING}</div>
<div role="main" lang="${tag}" dir="${direction}">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="${LIGHT.page}" class="page" style="background:${LIGHT.page}">
<tr><td align="center" class="page" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:600px;width:100%">
<tr><td class="card" bgcolor="${LIGHT.card}" style="background:${LIGHT.card};border:1px solid ${LIGHT.line};border-radius:12px;padding:36px 40px;font-family:${FONT};text-align:start;overflow-wrap:anywhere">
<div class="dim" style="margin:0 0 20px;font-size:15px;font-weight:600;color:${LIGHT.dim}">{{> ${logoOf(description)}}}</div>
<h1 style="margin:0 0 16px;font-size:24px;line-height:1.3;font-weight:700;color:${LIGHT.text}">${say(texts.heading)}</h1>
${shown.join('\n')}
<div class="line" style="margin:24px 0 16px;border-top:1px solid ${LIGHT.line};font-size:0;line-height:0">&nbsp;</div>
${paragraph(say(texts.footnote), 'dim', LIGHT.dim, 14)}
</td></tr>
<tr><td class="dim" dir="ltr" align="center" style="padding:16px;font-family:${FONT};overflow-wrap:anywhere;font-size:13px;line-height:1.5;color:${LIGHT.dim}">{{> copyright}}</td></tr>
</table>
</td></tr>
</table>
</div>
</body>
</html>
`
}

/** The Handlebars source of a mail's text: all that the HTML says, a code and an address each on a line of its own. */
export function toTextSource({ description, texts, language }: Parts): string {
  const { common, facts } = language
  const { code, button } = description
  const list = (description.facts ?? []).map((name) => `{{#if ${name}}}${facts[name]}: {{${name}}}\n{{/if}}`).join('')
  const parts = [
    texts.heading,
    ...texts.paragraphs,
    code === undefined ? '' : `{{${code}}}`,
    list,
    button === undefined ? '' : `{{#if ${button}}}${texts.button}:\n{{${button}}}{{/if}}`,
    isAsked(description) ? common.asked : '',
    texts.footnote,
    `© {{current_year}} {{app.name}}`,
  ]
  return parts
    .filter((part) => part !== '')
    .map((part) => expand(part, language))
    .join('\n\n')
}

/** The same, with the parts of sentences that several share. */
export function expand(text: string, { common }: Language): string {
  return text.replaceAll('{{> contact}}', common.contact)
}

function isAsked({ variables }: Description): boolean {
  return variables.includes('requested_by')
}

function logoOf({ variables }: Description): string {
  return variables.includes('org.logo_image_url') ? 'org_logo' : 'app_logo'
}

/** A value that is written in the other direction must not turn the sentence around it. */
function inHtml(text: string, direction: Language['direction']): string {
  const escaped = escapeHtml(text)
  return direction === 'ltr' ? escaped : escaped.replace(/\{\{(?!else\}\})[a-z_.]+\}\}/g, '<bdi>$&</bdi>')
}

function paragraph(html: string, className: string, color: string, size: number): string {
  return `<p class="${className}" style="margin:0 0 16px;font-size:${size}px;line-height:1.5;color:${color}">${html}</p>`
}

/** One run of text, so that it can be selected, copied and read aloud. */
function codeInHtml(name: string): string {
  return `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 20px"><tr><td class="code" dir="ltr" align="center" bgcolor="${LIGHT.code}" style="padding:18px 8px;border-radius:8px;background:${LIGHT.code};color:${LIGHT.text};font-family:${MONOSPACE};font-size:32px;line-height:1.2;font-weight:700;letter-spacing:6px">{{${name}}}</td></tr></table>`
}

function factsInHtml(names: readonly string[], { facts, direction }: Language): string {
  if (names.length === 0) return ''
  const cell = 'padding:6px 0;font-size:15px;line-height:1.4;vertical-align:top'
  const rows = names.map(
    (name) =>
      `{{#if ${name}}}<tr><td class="dim" width="38%" style="${cell};color:${LIGHT.dim};padding-inline-end:12px">${inHtml(facts[name] ?? '', direction)}</td><td class="text" style="${cell};color:${LIGHT.text}"><bdi>{{${name}}}</bdi></td></tr>{{/if}}`,
  )
  return `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 16px">${rows.join('')}</table>`
}

/** A padded cell, which every mail program draws, and the same address as text. */
function buttonInHtml(name: string, label: string, copy: string): string {
  return `{{#if ${name}}}<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:8px 0 20px"><tr><td class="button" bgcolor="{{theme.primary_color}}" style="background:{{theme.primary_color}};border:1px solid {{theme.primary_color}};border-radius:8px"><a href="{{${name}}}" style="display:inline-block;padding:13px 24px;font-size:16px;line-height:1.25;font-weight:600;color:{{theme.button_text_color}};text-decoration:none;white-space:nowrap">${escapeHtml(label)}</a></td></tr></table>
<p class="dim" style="margin:0 0 16px;font-size:14px;line-height:1.5;color:${LIGHT.dim}">${copy}<br><a class="dim" dir="ltr" href="{{${name}}}" style="color:${LIGHT.dim};word-break:break-all">{{${name}}}</a></p>{{/if}}`
}
