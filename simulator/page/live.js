import { address } from './api.js';

const RETRY_MS = [500, 1000, 2000, 4000];
/** How long a lost connection may last before the page says so. */
const QUIET_MS = 700;

/**
 * Follows the simulator's event stream for as long as the page lives.
 * `onEvent` gets each event; `onReturn` is called when a lost stream is back (the server repeats what it still has,
 * but a server that was started anew has nothing);
 * `onLost` is called with true and false for the sign.
 */
export function follow({ onEvent, onReturn, onLost }) {
  let failures = 0;
  let lostTimer = 0;
  let wasLost = false;
  let lastId = '';

  const connect = () => {
    const source = new EventSource(address(lastId ? `events?last_event_id=${lastId}` : 'events'));
    source.onopen = () => {
      failures = 0;
      clearTimeout(lostTimer);
      lostTimer = 0;
      onLost(false);
      if (wasLost) onReturn();
      wasLost = false;
    };
    source.onmessage = (message) => {
      lastId = message.lastEventId;
      onEvent(JSON.parse(message.data));
    };
    source.onerror = () => {
      wasLost = true;
      lostTimer ||= setTimeout(() => onLost(true), QUIET_MS);
      source.close();
      setTimeout(connect, RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)]);
    };
  };
  connect();
}
