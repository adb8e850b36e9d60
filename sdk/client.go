package sdk

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/util/flowcontrol"
)

// DefaultNamespace is the namespace of a new Client.
const DefaultNamespace = "default"

// Client talks to one cluster, in one namespace unless an object or an option names another.
// A Client is safe for concurrent use and costs little: all clients that [Client.Namespace]
// derives share one transport and one set of caches. It holds no connection or goroutine of its
// own and needs no Close.
type Client struct {
	*shared
	namespace string
}

// shared is what a Client and those derived from it have in common.
type shared struct {
	config  *rest.Config
	http    *http.Client
	scheme  *runtime.Scheme
	codecs  runtime.NegotiatedSerializer
	limiter flowcontrol.RateLimiter
	options options

	noStream atomic.Bool // the server does not send what there is by a watch

	mu    sync.Mutex
	rests map[schema.GroupVersion]*rest.RESTClient
	kinds map[schema.GroupVersionKind]kind // learned by discovery
}

// New returns a client for the cluster that config names, in namespace "default".
// It sends no request: a wrong address shows at the first call. The config is copied.
//
// Where config leaves QPS and Burst at 0, client-go's defaults hold, for all clients that [Client.Namespace] derives together: five
// requests a second, after ten at once. A watch or a stream counts once. Less than 0 is no limit, as in the configs of a fake cluster;
// servers of today have API priority and fairness, and need none. A Timeout in config bounds plain requests only; watches, logs and
// port-forwards live until their context ends.
func New(config *rest.Config, opts ...Option) (*Client, error) {
	if config == nil {
		return nil, errors.New("new client: no rest.Config given; take one from a fake cluster's RESTConfig, or use Load")
	}
	s := &shared{
		config: rest.CopyConfig(config),
		scheme: scheme.Scheme,
		rests:  map[schema.GroupVersion]*rest.RESTClient{},
		kinds:  map[schema.GroupVersionKind]kind{},
	}
	for _, opt := range opts {
		opt(&s.options)
	}
	if s.options.scheme != nil {
		s.scheme = s.options.scheme
	}
	s.codecs = codecsOf(s.scheme)
	s.limiter = limiterOf(config)
	if s.options.userAgent != "" {
		s.config.UserAgent = s.options.userAgent
	}
	if s.config.UserAgent == "" {
		s.config.UserAgent = rest.DefaultKubernetesUserAgent()
	}

	untimed := rest.CopyConfig(s.config)
	untimed.Timeout = 0 // http.Client.Timeout would cut streams; request sets it per call
	client, err := rest.HTTPClientFor(untimed)
	if err != nil {
		return nil, fmt.Errorf("new client: %w", err)
	}
	s.http = client
	return &Client{shared: s, namespace: DefaultNamespace}, nil
}

// Namespace returns a client that works in the named namespace, and shares all else with c.
// The empty name means [DefaultNamespace].
func (c *Client) Namespace(name string) *Client {
	if name == "" {
		name = DefaultNamespace
	}
	return &Client{shared: c.shared, namespace: name}
}

// request starts a request with the given HTTP verb for kind k. A timeout of the config applies.
func (c *Client) request(verb string, k kind) (*rest.Request, error) {
	r, err := c.stream(verb, k)
	if err == nil && c.config.Timeout > 0 {
		r = r.Timeout(c.config.Timeout)
	}
	return r, err
}

// stream starts a request whose answer is read for as long as its context lives.
func (c *Client) stream(verb string, k kind) (*rest.Request, error) {
	client, err := c.restFor(k.GroupVersion())
	if err != nil {
		return nil, err
	}
	r := client.Verb(verb).Resource(k.resource)
	if scheme.Scheme.Recognizes(k.GroupVersionKind) {
		r = r.UseProtobufAsDefault() // only built-in types have a protobuf form
	}
	return r, nil
}

// restFor returns the REST client of one API group version, made when first asked for.
func (s *shared) restFor(gv schema.GroupVersion) (*rest.RESTClient, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if client, ok := s.rests[gv]; ok {
		return client, nil
	}
	config := rest.CopyConfig(s.config)
	config.Timeout = 0
	config.GroupVersion = &gv
	config.APIPath = apiPath(gv.Group)
	config.NegotiatedSerializer = s.codecs
	config.RateLimiter = s.limiter
	config.QPS = -1 // the limiter above is shared by all group versions; without one, no limit
	client, err := rest.RESTClientForConfigAndClient(config, s.http)
	if err != nil {
		return nil, fmt.Errorf("client for %s: %w", gv, err)
	}
	s.rests[gv] = client
	return client, nil
}

func apiPath(group string) string {
	if group == "" {
		return "/api"
	}
	return "/apis"
}

// limiterOf is the limiter that rest.RESTClientForConfigAndClient makes for each of its clients.
func limiterOf(config *rest.Config) flowcontrol.RateLimiter {
	if config.RateLimiter != nil || config.QPS < 0 {
		return config.RateLimiter
	}
	return flowcontrol.NewTokenBucketRateLimiter(cmp.Or(config.QPS, rest.DefaultQPS), cmp.Or(config.Burst, rest.DefaultBurst))
}

func codecsOf(s *runtime.Scheme) runtime.NegotiatedSerializer {
	codecs := scheme.Codecs // made once for client-go's scheme
	if s != scheme.Scheme {
		codecs = serializer.NewCodecFactory(s)
	}
	return rest.CodecFactoryForGeneratedClient(s, codecs).WithoutConversion()
}
