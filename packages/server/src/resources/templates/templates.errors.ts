import { apiError, paramError } from '../../kernel/errors/api-error.js'
import { quote } from '../../kernel/errors/errors.js'

export const templateErrors = {
  typeUnsupported: (type: string) =>
    apiError(
      400,
      'template_type_unsupported',
      'Unsupported template type',
      `${quote(type)} is not a type of templates: these are email and sms`,
    ),
  /** @param why with the line */
  invalid: (param: 'subject' | 'body', why: string) =>
    paramError(
      422,
      'invalid_template_body',
      param,
      'is not a valid template',
      `${param} is not a valid template: ${why}`,
    ),
  requiredVariableMissing: (variable: string) =>
    paramError(
      422,
      'required_variable_missing',
      'body',
      'Required variable missing',
      `Body should contain the {{${variable}}} variable`,
    ),
  bodyFixed: () =>
    paramError(
      400,
      'template_body_modification_restricted',
      'body',
      'The body of this template cannot be changed',
      'The body of a text message cannot be changed. Switch its delivery off, and send your own when sms.created tells of it',
    ),
  nothingToRevert: (slug: string) =>
    apiError(
      400,
      'template_revert_error',
      'Template cannot be reverted',
      `The template ${quote(slug)} has not been changed: it is in its default state`,
    ),
}
