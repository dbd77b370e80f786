/** What went wrong and what to do about it, where the eye is. */

import { useSession } from '../session/session-store'
import { useReason, useText } from '../text'
import { Icon } from './icon'

export function Problem() {
  const text = useText()
  const reason = useReason()
  const problem = useSession((state) => state.problem)
  const dismiss = useSession((state) => state.dismissProblem)
  // The region stays: screen readers announce only what changes inside of one they know.
  return (
    <div role="alert" className="problem-region">
      {problem && (
        <div className="problem">
          <p>
            {text(
              `problem.${problem.name}`,
              problem.name.endsWith('insecure') ? localAddress() : reason(problem.detail),
            )}
          </p>
          <button type="button" className="icon-button" onClick={dismiss} aria-label={text('dismiss')}>
            <Icon name="close" />
          </button>
        </div>
      )}
    </div>
  )
}

const localAddress = () => `http://localhost${location.port && `:${location.port}`}`
