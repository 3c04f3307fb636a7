// Starts telegram-test-api on the given port. Its getMe leaves out `is_bot`, which Telegram always
// sends; it does not know the methods that set the menu; and it gives options of link previews back
// as text, and dates in milliseconds. All else of messages and presses is its own.
const TelegramServer = require('telegram-test-api');

const server = new TelegramServer({ port: Number(process.argv[2]), host: '127.0.0.1' });
const handle = server.webServer.handle.bind(server.webServer);
const add = server.addBotMessage.bind(server);
server.addBotMessage = ({ link_preview_options, ...message }, token) => (
  { ...add(message, token), date: Math.floor(Date.now() / 1000) }
);
const me = { id: 666, is_bot: true, first_name: 'Emulated', username: 'TestNameBot' };
server.webServer.handle = (request, response, next) => {
  const method = request.url.split('/').pop();
  if (method !== 'getMe' && !method.startsWith('setMy')) return handle(request, response, next);
  response.setHeader('content-type', 'application/json');
  return response.end(JSON.stringify({ ok: true, result: method === 'getMe' ? me : true }));
};
server.start().then(() => console.log('ready'));
