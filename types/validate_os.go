package types

import (
	"fmt"
	"regexp"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// operatingSystem is validateOS with validateLinux and validateWindows: fields of one system are forbidden on the other.
func (c *podCheck) operatingSystem(at *field.Path) {
	if c.spec.OS == nil {
		return
	}
	switch c.spec.OS.Name {
	case "":
		c.Required(at.Child("os", "name"), "cannot be empty")
	case corev1.Linux:
		c.onLinux(at)
	case corev1.Windows:
		c.onWindows(at)
	default:
		oneOf(&c.report, at.Child("os"), c.spec.OS.Name, corev1.Linux, corev1.Windows)
	}
}

func (c *podCheck) onLinux(at *field.Path) {
	const detail = "windows options cannot be set for a linux pod"
	if sc := c.spec.SecurityContext; sc != nil && sc.WindowsOptions != nil {
		c.Forbidden(at.Child("securityContext", "windowsOptions"), detail)
	}
	eachContainer(c.spec, at, func(container *corev1.Container, at *field.Path) {
		if sc := container.SecurityContext; sc != nil && sc.WindowsOptions != nil {
			c.Forbidden(at.Child("securityContext", "windowsOptions"), detail)
		}
	})
}

// fieldSet is one field and whether it is set.
type fieldSet struct {
	path []string
	set  bool
}

func (r *report) notOnWindows(at *field.Path, fields []fieldSet) {
	for _, f := range fields {
		if f.set {
			r.Forbidden(at.Child(f.path[0], f.path[1:]...), "cannot be set for a windows pod")
		}
	}
}

func (c *podCheck) onWindows(at *field.Path) {
	sc := c.spec.SecurityContext
	if sc == nil {
		sc = &corev1.PodSecurityContext{}
	}
	in := func(name string, set bool) fieldSet { return fieldSet{[]string{"securityContext", name}, set} }
	of := func(name string, set bool) fieldSet { return fieldSet{[]string{name}, set} }
	c.notOnWindows(at, []fieldSet{
		in("appArmorProfile", sc.AppArmorProfile != nil),
		in("seLinuxOptions", sc.SELinuxOptions != nil),
		in("seccompProfile", sc.SeccompProfile != nil),
		in("fsGroup", sc.FSGroup != nil),
		in("fsGroupChangePolicy", sc.FSGroupChangePolicy != nil),
		in("sysctls", len(sc.Sysctls) > 0),
		in("runAsUser", sc.RunAsUser != nil),
		in("runAsGroup", sc.RunAsGroup != nil),
		in("supplementalGroups", sc.SupplementalGroups != nil),
		in("supplementalGroupsPolicy", sc.SupplementalGroupsPolicy != nil),
		in("seLinuxChangePolicy", sc.SELinuxChangePolicy != nil),
		of("hostUsers", c.spec.HostUsers != nil),
		of("hostPID", c.spec.HostPID),
		of("hostIPC", c.spec.HostIPC),
		of("shareProcessNamespace", c.spec.ShareProcessNamespace != nil),
	})
	eachContainer(c.spec, at, func(container *corev1.Container, at *field.Path) {
		sc := container.SecurityContext
		if sc == nil {
			return
		}
		c.notOnWindows(at, []fieldSet{
			in("appArmorProfile", sc.AppArmorProfile != nil),
			in("seLinuxOptions", sc.SELinuxOptions != nil),
			in("seccompProfile", sc.SeccompProfile != nil),
			in("capabilities", sc.Capabilities != nil),
			in("readOnlyRootFilesystem", sc.ReadOnlyRootFilesystem != nil),
			in("privileged", sc.Privileged != nil),
			in("allowPrivilegeEscalation", sc.AllowPrivilegeEscalation != nil),
			in("procMount", sc.ProcMount != nil),
			in("runAsUser", sc.RunAsUser != nil),
			in("runAsGroup", sc.RunAsGroup != nil),
		})
	})
}

// hostProcess is validateWindowsHostProcessPod: all containers run on the node or none, and then with its network.
func (c *podCheck) hostProcess(at *field.Path) {
	var ofPod *bool
	if sc := c.spec.SecurityContext; sc != nil && sc.WindowsOptions != nil {
		ofPod = sc.WindowsOptions.HostProcess
	}
	containers, onHost := 0, 0
	eachContainer(c.spec, at, func(container *corev1.Container, at *field.Path) {
		containers++
		value := ofPod
		if sc := container.SecurityContext; sc != nil && sc.WindowsOptions != nil && sc.WindowsOptions.HostProcess != nil {
			value = sc.WindowsOptions.HostProcess
			if ofPod != nil && *ofPod != *value {
				c.Invalid(at.Child("securityContext", "windowsOptions", "hostProcess"), *value,
					fmt.Sprintf("pod hostProcess value must be identical if both are specified, was %v", *ofPod))
			}
		}
		if value != nil && *value {
			onHost++
		}
	})
	if onHost == 0 {
		return
	}
	if onHost != containers {
		c.Invalid(at, "", "If pod contains any hostProcess containers then all containers must be HostProcess containers")
	}
	if !c.spec.HostNetwork {
		c.Invalid(at.Child("hostNetwork"), false, "hostNetwork must be true if pod contains any hostProcess containers")
	}
}

// The sizes of what identifies a Windows user.
const (
	maxCredentialSpec = 64 * 1024
	maxUserDomain     = 256
	maxUserName       = 104
)

// The grammar of Windows users, as in validateWindowsSecurityContextOptions.
var (
	controlCharacters = regexp.MustCompile(`[[:cntrl:]]+`)
	netBIOSName       = regexp.MustCompile(`^[^\\/:\*\?"<>|\.][^\\/:\*\?"<>|]{0,14}$`)
	windowsDomain     = regexp.MustCompile(`^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$`)
	userCharacters    = regexp.MustCompile(`["/\\:;|=,\+\*\?<>@\[\]]`)
	dotsAndSpaces     = regexp.MustCompile(`^[\. ]+$`)
)

func (r *report) windowsOptions(at *field.Path, o *corev1.WindowsSecurityContextOptions) {
	if o == nil {
		return
	}
	if name := o.GMSACredentialSpecName; name != nil {
		r.Messages(at.Child("gmsaCredentialSpecName"), *name, validation.IsDNS1123Subdomain(*name))
	}
	if spec := o.GMSACredentialSpec; spec != nil {
		switch {
		case *spec == "":
			r.Invalid(at.Child("gmsaCredentialSpec"), *spec, "gmsaCredentialSpec cannot be an empty string")
		case len(*spec) > maxCredentialSpec:
			r.Invalid(at.Child("gmsaCredentialSpec"), *spec, fmt.Sprintf("gmsaCredentialSpec size must be under %d KiB", maxCredentialSpec/1024))
		}
	}
	if o.RunAsUserName != nil {
		for _, problem := range windowsUser(*o.RunAsUserName) {
			r.Invalid(at.Child("runAsUserName"), *o.RunAsUserName, "runAsUserName"+problem)
		}
	}
}

// windowsUser says what is wrong with a user name, with or without a domain.
func windowsUser(name string) (problems []string) {
	domain, user, hasDomain := strings.Cut(name, `\`)
	if !hasDomain {
		domain, user = "", name
	}
	switch {
	case name == "":
		return []string{" cannot be an empty string"}
	case controlCharacters.MatchString(name):
		return []string{" cannot contain control characters"}
	case strings.Contains(user, `\`):
		return []string{" cannot contain more than one backslash"}
	}
	rule := func(broken bool, problem string) {
		if broken {
			problems = append(problems, problem)
		}
	}
	rule(len(domain) >= maxUserDomain, fmt.Sprintf("'s Domain length must be under %d characters", maxUserDomain))
	rule(hasDomain && !netBIOSName.MatchString(domain) && !windowsDomain.MatchString(domain), "'s Domain doesn't match the NetBios nor the DNS format")
	rule(user == "", "'s User cannot be empty")
	rule(len(user) > maxUserName, fmt.Sprintf("'s User length must not be longer than %d characters", maxUserName))
	rule(dotsAndSpaces.MatchString(user), "'s User cannot contain only periods or spaces")
	rule(userCharacters.MatchString(user), `'s User cannot contain the following characters: "/\:;|=,+*?<>@[]`)
	return problems
}
