// The page inside a component's frame may load our own code from the host that it came from, and nothing else.
var POLICY = __POLICY__

function handler(event) {
  var response = event.response
  var host = event.request.headers.host.value
  var plain = /^[A-Za-z0-9.-]+(:[0-9]+)?$/.test(host)
  response.headers['content-security-policy'] = { value: plain ? POLICY.split('__HOST__').join(host) : "default-src 'none'" }
  return response
}
