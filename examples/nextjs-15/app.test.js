import { testApplication } from '../nextjs/suite.js'
import { copyApplication } from './copy-app.js'

copyApplication()
testApplication(import.meta.dirname)
