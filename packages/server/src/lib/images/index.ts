export { defaultAvatar, initialsOf } from './default-avatar.js'
export { parseTransform, type ImageTransform, type ImageTransformResult } from './image-transform.js'
export { ImageTransformer, type ImageTransformerOptions } from './image-transformer.js'
export { MAX_IMAGE_BYTES, readImage, type Image, type ImageResult, type ImageType } from './image-type.js'
