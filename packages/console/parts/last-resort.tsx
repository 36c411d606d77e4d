import { Component, type ComponentChildren } from 'preact';

type Props = {
  /** Another one is another page, which may work. */ path: string;
  children: ComponentChildren;
};

/** What is shown where a page fails by a fault of its own: the others still work. */
export class LastResort extends Component<Props, { failed: string | null }> {
  override state = { failed: null as string | null };

  override componentDidCatch(error: unknown): void {
    console.error(error);
    this.setState({ failed: error instanceof Error ? error.message : String(error) });
  }

  override componentDidUpdate({ path }: Props): void {
    if (path !== this.props.path && this.state.failed !== null) this.setState({ failed: null });
  }

  override render() {
    const { failed } = this.state;
    if (failed === null) return this.props.children;
    return (
      <div class="page">
        <h1>This page cannot be shown</h1>
        <div class="note bad" role="alert">
          <p>{failed}</p>
        </div>
        <p>
          Nothing in the pipeline is affected. <a href="/console/">Go to the pipeline</a>
        </p>
      </div>
    );
  }
}
