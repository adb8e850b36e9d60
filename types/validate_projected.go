package types

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func (r *report) fileMode(at *field.Path, mode *int32) {
	if mode != nil && (*mode < 0 || *mode > 0o777) {
		r.Invalid(at, *mode, "must be a number between 0 and 0777 (octal), both inclusive")
	}
}

// files checks the keys of a Secret or ConfigMap that become files.
func (r *report) files(at *field.Path, mode *int32, items []corev1.KeyToPath) {
	r.fileMode(at.Child("defaultMode"), mode)
	for i := range items {
		r.keyToPath(at.Child("items").Index(i), &items[i])
	}
}

// keyToPath is validateKeyToPath.
func (r *report) keyToPath(at *field.Path, k *corev1.KeyToPath) {
	r.Present(at.Child("key"), k.Key)
	r.Present(at.Child("path"), k.Path)
	r.localPath(at.Child("path"), k.Path)
	r.fileMode(at.Child("mode"), k.Mode)
}

// downwardFile is validateDownwardAPIVolumeFile; the server gives no index in its paths.
func (r *report) downwardFile(at *field.Path, f *corev1.DownwardAPIVolumeFile) {
	r.Present(at.Child("path"), f.Path)
	r.localPath(at.Child("path"), f.Path)
	switch {
	case f.FieldRef != nil:
		r.fieldRef(at.Child("fieldRef"), f.FieldRef, volumeFields)
		if f.ResourceFieldRef != nil {
			r.Invalid(at, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously")
		}
	case f.ResourceFieldRef != nil:
		r.resourceFieldRef(at.Child("resourceFieldRef"), f.ResourceFieldRef, true)
	default:
		r.Required(at, "one of fieldRef and resourceFieldRef is required")
	}
	r.fileMode(at.Child("mode"), f.Mode)
}

// projection is a projected volume under check: files of different sources must not have one path.
type projection struct {
	*report
	at    *field.Path
	paths map[string]bool
}

// projected is validateProjectedVolumeSource.
func (c *podCheck) projected(at *field.Path, s *corev1.ProjectedVolumeSource) {
	c.fileMode(at.Child("defaultMode"), s.DefaultMode)
	p := &projection{&c.report, at, map[string]bool{}}
	for i := range s.Sources {
		p.source(at.Child("sources").Index(i), &s.Sources[i])
	}
}

// takes notes a file of the volume. name stands in the message when the path is taken.
func (p *projection) takes(file, name string) {
	if p.paths[file] {
		p.Invalid(p.at, name, "conflicting duplicate paths")
	}
	p.paths[file] = true
}

func (p *projection) source(at *field.Path, s *corev1.VolumeProjection) {
	kinds := 0
	if s.Secret != nil {
		kinds++
		p.keys(at.Child("secret"), s.Secret.Name, s.Secret.Items)
	}
	if s.ConfigMap != nil {
		kinds++
		p.keys(at.Child("configMap"), s.ConfigMap.Name, s.ConfigMap.Items)
	}
	if s.DownwardAPI != nil {
		kinds++
		for i := range s.DownwardAPI.Items {
			file := &s.DownwardAPI.Items[i]
			p.downwardFile(at.Child("downwardAPI"), file)
			if file.Path != "" {
				p.takes(file.Path, file.Path)
			}
		}
	}
	if s.ServiceAccountToken != nil {
		kinds++
		p.token(at.Child("serviceAccountToken"), s.ServiceAccountToken)
	}
	if s.ClusterTrustBundle != nil {
		kinds++
		p.trustBundle(at.Child("clusterTrustBundle"), s.ClusterTrustBundle)
	}
	if s.PodCertificate != nil {
		kinds++
		p.certificate(at.Child("podCertificate"), s.PodCertificate)
	}
	if kinds > 1 {
		p.Forbidden(at, oneKind+" per source")
	}
}

func (p *projection) keys(at *field.Path, name string, items []corev1.KeyToPath) {
	p.Present(at.Child("name"), name)
	for i := range items {
		p.keyToPath(at.Child("items").Index(i), &items[i])
		if items[i].Path != "" {
			p.takes(items[i].Path, name)
		}
	}
}

// token checks a service account token; its path is reported at the volume, as the server does.
func (p *projection) token(at *field.Path, t *corev1.ServiceAccountTokenProjection) {
	if seconds := t.ExpirationSeconds; seconds != nil {
		if *seconds < 10*60 {
			p.Invalid(at.Child("expirationSeconds"), *seconds, "may not specify a duration less than 10 minutes")
		}
		if *seconds > 1<<32 {
			p.Invalid(at.Child("expirationSeconds"), *seconds, "may not specify a duration larger than 2^32 seconds")
		}
	}
	if p.Present(p.at.Child("path"), t.Path) {
		p.localPath(p.at.Child("path"), t.Path)
	}
}

func (p *projection) trustBundle(at *field.Path, b *corev1.ClusterTrustBundleProjection) {
	switch {
	case b.Name != nil && b.SignerName != nil:
		p.Invalid(at, internal(b), "only one of name and signerName may be used")
	case b.Name != nil:
		if *b.Name == "" {
			p.Required(at.Child("name"), "must be a valid object name")
		}
		for _, m := range trustBundleName(*b.Name) {
			p.Invalid(at.Child("name"), *b.Name, "not a valid clustertrustbundlename: "+m)
		}
		if b.LabelSelector != nil {
			p.Invalid(at.Child("labelSelector"), b.LabelSelector, "labelSelector must be unset if name is specified")
		}
	case b.SignerName != nil:
		if *b.SignerName == "" {
			p.Required(at.Child("signerName"), "must be a valid signer name")
		}
		p.signerName(at.Child("signerName"), *b.SignerName)
		p.LabelSelector(at.Child("labelSelector"), b.LabelSelector)
	default:
		p.Required(at, "either name or signerName must be specified")
	}
	p.Present(at.Child("path"), b.Path)
	p.localPath(at.Child("path"), b.Path)
	p.takes(b.Path, b.Path)
}

// trustBundleName judges the name of a bundle, which starts with its signer's name if it has one: example.com:signer:name.
func trustBundleName(name string) []string {
	if i := strings.LastIndex(name, ":"); i >= 0 {
		name = name[i+1:]
	}
	return apivalidation.NameIsDNSSubdomain(name, false)
}

// The longest parts of a signer's name.
const (
	maxSignerDomain = validation.DNS1123SubdomainMaxLength
	maxSignerName   = maxSignerDomain + 1 + validation.DNS1123SubdomainMaxLength + 1 + validation.DNS1123LabelMaxLength
)

// signerName is ValidateSignerName of the certificates group: a domain and a path.
func (r *report) signerName(at *field.Path, name string) {
	if !r.Present(at, name) {
		return
	}
	parts := strings.Split(name, "/")
	if len(parts) != 2 {
		r.Invalid(at, name, "must be a fully qualified domain and path of the form 'example.com/signer-name'")
		return
	}
	if len(parts[0]) > maxSignerDomain {
		r.Add(field.TooLong(at, parts[0], maxSignerDomain))
	}
	labels := strings.Split(parts[0], ".")
	r.eachLabel(at, parts[0], labels, validation.IsDNS1123Label)
	if len(labels) < 2 {
		r.Invalid(at, parts[0], "should be a domain with at least two segments separated by dots")
	}
	r.eachLabel(at, parts[1], strings.Split(parts[1], "."), validation.IsDNS1123Subdomain)
	if len(name) > maxSignerName {
		r.Add(field.TooLong(at, name, maxSignerName))
	}
}

// eachLabel reports the first label with problems.
func (r *report) eachLabel(at *field.Path, whole string, labels []string, check func(string) []string) {
	for _, label := range labels {
		if messages := check(label); len(messages) > 0 {
			for _, m := range messages {
				r.Invalid(at, whole, fmt.Sprintf("validating label %q: %s", label, m))
			}
			return
		}
	}
}

// keyTypes are those that a pod certificate may have.
var keyTypes = []string{"RSA3072", "RSA4096", "ECDSAP256", "ECDSAP384", "ECDSAP521", "ED25519"}

// The lifetimes of pod certificates, in seconds; Kubernetes' own signers give a day at most.
const (
	minCertificate           = 3600
	maxKubernetesCertificate = 24 * 3600
	maxCertificate           = 91 * 24 * 3600
)

func (p *projection) certificate(at *field.Path, c *corev1.PodCertificateProjection) {
	p.signerName(at.Child("signerName"), c.SignerName)
	oneOf(p.report, at.Child("keyType"), c.KeyType, keyTypes...)
	if seconds := c.MaxExpirationSeconds; seconds != nil {
		most := int32(maxCertificate)
		if strings.HasPrefix(c.SignerName, "kubernetes.io/") {
			most = maxKubernetesCertificate
		}
		if *seconds < minCertificate {
			p.Invalid(at.Child("maxExpirationSeconds"), *seconds, fmt.Sprintf("if provided, maxExpirationSeconds must be >= %d", minCertificate))
		} else if *seconds > most {
			p.Invalid(at.Child("maxExpirationSeconds"), *seconds, fmt.Sprintf("if provided, maxExpirationSeconds must be <= %d", most))
		}
	}
	files := 0
	for _, f := range []needed{{"credentialBundlePath", c.CredentialBundlePath}, {"keyPath", c.KeyPath}, {"certificateChainPath", c.CertificateChainPath}} {
		if f.value != "" {
			files++
			p.localPath(at.Child(f.name), f.value)
			p.takes(f.value, f.value)
		}
	}
	if files == 0 {
		p.Required(at, "specify at least one of credentialBundlePath, keyPath, and certificateChainPath")
	}
	for _, key := range sortedKeys(c.UserAnnotations) {
		p.Add(validation.IsDomainPrefixedKey(at.Child("userAnnotations"), key)...)
	}
	if apivalidation.ValidateAnnotationsSize(c.UserAnnotations) != nil {
		p.Add(field.TooLong(at.Child("userAnnotations"), "", apivalidation.TotalAnnotationSizeLimitB))
	}
}
