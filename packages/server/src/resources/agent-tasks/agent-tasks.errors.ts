import { apiError } from '../../kernel/errors/api-error.js'

export const agentTaskErrors = {
  subjectNotFound: () =>
    apiError(
      404,
      'agent_task_subject_not_found',
      'Not found',
      'No user was found with the id or the verified identifier that on_behalf_of gives',
    ),
}
