// A view that fails says so, and the other views go on. It is tried again as soon as something else is asked.
import { Component, type ComponentChildren } from 'preact'
import { say } from './parts.js'

interface BoundaryProps {
  /** What is asked; a fault is one of this question. */
  readonly asked: object
  readonly children?: ComponentChildren
}

interface Fault {
  readonly message: string
  readonly asked: object
}

/** Shows its children, or why they cannot be shown. */
export class Boundary extends Component<BoundaryProps, { readonly fault?: Fault }> {
  override componentDidCatch(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error)
    this.setState({ fault: { message, asked: this.props.asked } })
  }

  override render({ asked, children }: BoundaryProps): ComponentChildren {
    const { fault } = this.state
    if (fault?.asked !== asked) return children
    return (
      <p class="verdict wrong" role="alert" data-fault="">
        This view cannot be shown: {say(fault.message)}
      </p>
    )
  }
}
