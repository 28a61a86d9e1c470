import { render } from 'preact';
import './kit/tokens.css';
import './shell/shell.css';
import { followLink } from './shell/clock.ts';
import { listenForKeys } from './shell/keys.ts';
import { followServer } from './shell/offline.ts';
import { Shell } from './shell/Shell.tsx';
import { followBrowser } from './shell/state.ts';

followBrowser();
followLink();
listenForKeys();
followServer();
const page = document.getElementById('page');
if (page !== null) render(<Shell />, page);
