import { render } from 'preact';
import { takeAnswer } from './api/sign-in-window.ts';
import { App } from './app.tsx';
import { SignInAnswerPage } from './pages/sign-in-answer-page.tsx';

const answer = takeAnswer();
render(answer === null ? <App /> : <SignInAnswerPage answer={answer} />, document.getElementById('console')!);
