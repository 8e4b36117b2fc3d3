export { safeName } from './names.js'
export { parseTemplate, type ParsedTemplate, type Partials } from './parse-template.js'
export { escapeHtml, renderTemplate, shownValues, type RenderOptions, type TemplateData } from './render-template.js'
export { MAX_DEPTH, MAX_NODES, MAX_OUTPUT, MAX_SOURCE, MAX_STEPS, type Template } from './template.js'
