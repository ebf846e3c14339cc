// What the local server does with an address of the site: one of the page's own router gives the page, and what is
// stored compressed is sent as the browser takes it. So S3 is never asked for "/", which would be a list.
var PACKED = /\.(__PACKED__)$/

function takes(header, encoding) {
  var found = header.match(new RegExp('(^|[\\s,])' + encoding + '\\s*(;\\s*q=([0-9.]+))?\\s*(,|$)'))
  return found !== null && (found[3] === undefined || Number(found[3]) > 0)
}

function handler(event) {
  var request = event.request
  var name = request.uri.slice(request.uri.lastIndexOf('/') + 1)
  if (name.indexOf('.') < 0) request.uri = '/index.html'
  if (PACKED.test(request.uri)) {
    var accepted = request.headers['accept-encoding']
    var header = accepted ? accepted.value.toLowerCase() : ''
    if (takes(header, 'br')) request.uri += '.br'
    else if (takes(header, 'gzip')) request.uri += '.gz'
  }
  return request
}
