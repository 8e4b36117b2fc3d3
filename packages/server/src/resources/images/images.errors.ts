import { apiError, paramError } from '../../kernel/errors/api-error.js'

export const imageErrors = {
  missing: () =>
    paramError(
      400,
      'form_param_missing',
      'file',
      'Image file missing',
      'The field file of the form must have an image',
    ),
  typeNotSupported: () =>
    apiError(
      400,
      'request_body_invalid',
      'Image type not supported',
      'The image must be a PNG, JPEG, GIF or WebP file',
    ),
  unreadable: () =>
    apiError(
      400,
      'request_body_invalid',
      'Image decoding failed',
      'The image is damaged, or has more than 50 million pixels',
    ),
  /** @param what such as "The user has no profile image" */
  notFound: (what: string) => apiError(404, 'image_not_found', 'Image not found', what),
}
