package types

import (
	"fmt"
	"net"
	"path"
	"regexp"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// checkVolumes is ValidateVolumes. Volumes with problems do not count as volumes for those who mount them.
func (c *podCheck) checkVolumes(at *field.Path) {
	created, names := map[string]bool{}, map[string]bool{}
	for _, v := range c.spec.Volumes {
		if v.Ephemeral != nil && c.podName != "" {
			created[c.podName+"-"+v.Name] = true
		}
	}
	c.volumes = map[string]corev1.VolumeSource{}
	for i := range c.spec.Volumes {
		v, one := &c.spec.Volumes[i], at.Index(i)
		before := len(c.errors)
		c.volumeSource(one, v)
		if c.present(one.Child("name"), v.Name) {
			c.messages(one.Child("name"), v.Name, validation.IsDNS1123Label(v.Name))
		}
		if names[v.Name] {
			c.add(field.Duplicate(one.Child("name"), v.Name))
		}
		if len(c.errors) == before {
			names[v.Name] = true
			c.volumes[v.Name] = v.VolumeSource
		}
		if claim := v.PersistentVolumeClaim; claim != nil && created[claim.ClaimName] {
			c.invalid(one.Child("persistentVolumeClaim", "claimName"), claim.ClaimName, "must not reference a PVC that gets created for an ephemeral volume")
		}
	}
}

// volumeSource is validateVolumeSource: the first source that is set is checked, others are forbidden.
func (c *podCheck) volumeSource(at *field.Path, v *corev1.Volume) {
	found := false
	for _, s := range volumeSources {
		switch {
		case !s.set(v):
		case found:
			c.forbidden(at.Child(s.name), oneKind)
		default:
			found = true
			c.present2(s, at, v)
		}
		if s.name == "iscsi" && v.ISCSI != nil && v.ISCSI.InitiatorName != nil && len(v.Name+":"+v.ISCSI.TargetPortal) > 64 {
			c.invalid(at.Child("name"), v.Name,
				"Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.")
		}
	}
	if !found {
		c.required(at, "must specify a volume type")
	}
}

func (c *podCheck) present2(s volumeSource, at *field.Path, v *corev1.Volume) {
	inner := s.inner
	if inner == "" {
		inner = s.name
	}
	s.check(c, at.Child(inner), v)
}

// volumeSource is one row of volumeSources. The server spells some names otherwise in the errors about their content.
type volumeSource struct {
	name  string
	inner string // if not name
	set   func(*corev1.Volume) bool
	check func(*podCheck, *field.Path, *corev1.Volume)
}

// source makes a row for a source that is checked by itself.
func source[S any](name, inner string, get func(*corev1.Volume) *S, check func(*podCheck, *field.Path, *S)) volumeSource {
	return volumeSource{name, inner,
		func(v *corev1.Volume) bool { return get(v) != nil },
		func(c *podCheck, at *field.Path, v *corev1.Volume) { check(c, at, get(v)) },
	}
}

// needs makes a row for a source that only has fields which must be set.
func needs[S any](name, inner string, get func(*corev1.Volume) *S, fields func(*S) []needed) volumeSource {
	return source(name, inner, get, func(c *podCheck, at *field.Path, s *S) {
		for _, f := range fields(s) {
			names := strings.Split(f.name, ".")
			c.present(at.Child(names[0], names[1:]...), f.value)
		}
	})
}

// needed is a field that must not be empty, with its path.
type needed struct{ name, value string }

// some turns a list into a value that is empty when the list is.
func some(list []string) string { return strings.Join(list, ",") }

// volumeSources are the kinds of volumes, in the order in which the server looks for them.
var volumeSources []volumeSource

func init() {
	type volume = *corev1.Volume
	volumeSources = []volumeSource{
		source("emptyDir", "", func(v volume) *corev1.EmptyDirVolumeSource { return v.EmptyDir }, (*podCheck).emptyDir),
		source("hostPath", "", func(v volume) *corev1.HostPathVolumeSource { return v.HostPath }, (*podCheck).hostPath),
		source("gitRepo", "", func(v volume) *corev1.GitRepoVolumeSource { return v.GitRepo }, func(c *podCheck, at *field.Path, s *corev1.GitRepoVolumeSource) {
			c.present(at.Child("repository"), s.Repository)
			c.descendingPath(at.Child("directory"), s.Directory)
		}),
		source("gcePersistentDisk", "persistentDisk", func(v volume) *corev1.GCEPersistentDiskVolumeSource { return v.GCEPersistentDisk },
			func(c *podCheck, at *field.Path, s *corev1.GCEPersistentDiskVolumeSource) {
				c.present(at.Child("pdName"), s.PDName)
				c.partition(at, s.Partition)
			}),
		source("awsElasticBlockStore", "", func(v volume) *corev1.AWSElasticBlockStoreVolumeSource { return v.AWSElasticBlockStore },
			func(c *podCheck, at *field.Path, s *corev1.AWSElasticBlockStoreVolumeSource) {
				c.present(at.Child("volumeID"), s.VolumeID)
				c.partition(at, s.Partition)
			}),
		source("secret", "", func(v volume) *corev1.SecretVolumeSource { return v.Secret }, func(c *podCheck, at *field.Path, s *corev1.SecretVolumeSource) {
			c.present(at.Child("secretName"), s.SecretName)
			c.files(at, s.DefaultMode, s.Items)
		}),
		source("nfs", "", func(v volume) *corev1.NFSVolumeSource { return v.NFS }, func(c *podCheck, at *field.Path, s *corev1.NFSVolumeSource) {
			c.present(at.Child("server"), s.Server)
			c.present(at.Child("path"), s.Path)
			if !path.IsAbs(s.Path) {
				c.invalid(at.Child("path"), s.Path, "must be an absolute path")
			}
		}),
		source("iscsi", "", func(v volume) *corev1.ISCSIVolumeSource { return v.ISCSI }, (*podCheck).iscsi),
		needs("glusterfs", "", func(v volume) *corev1.GlusterfsVolumeSource { return v.Glusterfs }, func(s *corev1.GlusterfsVolumeSource) []needed {
			return []needed{{"endpoints", s.EndpointsName}, {"path", s.Path}}
		}),
		source("flocker", "", func(v volume) *corev1.FlockerVolumeSource { return v.Flocker }, (*podCheck).flocker),
		needs("persistentVolumeClaim", "", func(v volume) *corev1.PersistentVolumeClaimVolumeSource { return v.PersistentVolumeClaim },
			func(s *corev1.PersistentVolumeClaimVolumeSource) []needed {
				return []needed{{"claimName", s.ClaimName}}
			}),
		needs("rbd", "", func(v volume) *corev1.RBDVolumeSource { return v.RBD }, func(s *corev1.RBDVolumeSource) []needed {
			return []needed{{"monitors", some(s.CephMonitors)}, {"image", s.RBDImage}}
		}),
		needs("cinder", "", func(v volume) *corev1.CinderVolumeSource { return v.Cinder }, func(s *corev1.CinderVolumeSource) []needed {
			return append([]needed{{"volumeID", s.VolumeID}}, secretName(s.SecretRef)...)
		}),
		needs("cephFS", "cephfs", func(v volume) *corev1.CephFSVolumeSource { return v.CephFS }, func(s *corev1.CephFSVolumeSource) []needed {
			return []needed{{"monitors", some(s.Monitors)}}
		}),
		source("quobyte", "", func(v volume) *corev1.QuobyteVolumeSource { return v.Quobyte }, (*podCheck).quobyte),
		source("downwarAPI", "downwardAPI", func(v volume) *corev1.DownwardAPIVolumeSource { return v.DownwardAPI },
			func(c *podCheck, at *field.Path, s *corev1.DownwardAPIVolumeSource) {
				c.fileMode(at.Child("defaultMode"), s.DefaultMode)
				for i := range s.Items {
					c.downwardFile(at, &s.Items[i])
				}
			}),
		source("fc", "", func(v volume) *corev1.FCVolumeSource { return v.FC }, (*podCheck).fibreChannel),
		source("flexVolume", "", func(v volume) *corev1.FlexVolumeSource { return v.FlexVolume }, (*podCheck).flexVolume),
		source("configMap", "", func(v volume) *corev1.ConfigMapVolumeSource { return v.ConfigMap }, func(c *podCheck, at *field.Path, s *corev1.ConfigMapVolumeSource) {
			c.present(at.Child("name"), s.Name)
			c.files(at, s.DefaultMode, s.Items)
		}),
		needs("azureFile", "", func(v volume) *corev1.AzureFileVolumeSource { return v.AzureFile }, func(s *corev1.AzureFileVolumeSource) []needed {
			return []needed{{"secretName", s.SecretName}, {"shareName", s.ShareName}}
		}),
		needs("vsphereVolume", "", func(v volume) *corev1.VsphereVirtualDiskVolumeSource { return v.VsphereVolume },
			func(s *corev1.VsphereVirtualDiskVolumeSource) []needed { return []needed{{"volumePath", s.VolumePath}} }),
		needs("photonPersistentDisk", "", func(v volume) *corev1.PhotonPersistentDiskVolumeSource { return v.PhotonPersistentDisk },
			func(s *corev1.PhotonPersistentDiskVolumeSource) []needed { return []needed{{"pdID", s.PdID}} }),
		needs("portworxVolume", "", func(v volume) *corev1.PortworxVolumeSource { return v.PortworxVolume },
			func(s *corev1.PortworxVolumeSource) []needed { return []needed{{"volumeID", s.VolumeID}} }),
		source("azureDisk", "", func(v volume) *corev1.AzureDiskVolumeSource { return v.AzureDisk }, (*podCheck).azureDisk),
		source("storageos", "", func(v volume) *corev1.StorageOSVolumeSource { return v.StorageOS }, (*podCheck).storageOS),
		source("projected", "", func(v volume) *corev1.ProjectedVolumeSource { return v.Projected }, (*podCheck).projected),
		needs("scaleIO", "", func(v volume) *corev1.ScaleIOVolumeSource { return v.ScaleIO }, func(s *corev1.ScaleIOVolumeSource) []needed {
			return []needed{{"gateway", s.Gateway}, {"system", s.System}, {"volumeName", s.VolumeName}}
		}),
		source("csi", "", func(v volume) *corev1.CSIVolumeSource { return v.CSI }, (*podCheck).csi),
		{"ephemeral", "", func(v volume) bool { return v.Ephemeral != nil }, (*podCheck).ephemeral},
		source("image", "", func(v volume) *corev1.ImageVolumeSource { return v.Image }, func(c *podCheck, at *field.Path, s *corev1.ImageVolumeSource) {
			// A template may leave the reference to whoever makes the pod.
			if c.isPod {
				c.present(at.Child("reference"), s.Reference)
			}
			c.pullPolicy(at.Child("pullPolicy"), s.PullPolicy)
		}),
	}
}

func secretName(ref *corev1.LocalObjectReference) []needed {
	if ref == nil {
		return nil
	}
	return []needed{{"secretRef.name", ref.Name}}
}

func (c *podCheck) emptyDir(at *field.Path, s *corev1.EmptyDirVolumeSource) {
	if s.SizeLimit != nil && s.SizeLimit.Sign() < 0 {
		c.forbidden(at.Child("sizeLimit"), "SizeLimit field must be a valid resource quantity")
	}
}

func (c *podCheck) hostPath(at *field.Path, s *corev1.HostPathVolumeSource) {
	if !c.present(at.Child("path"), s.Path) {
		return
	}
	c.noBackstep(at.Child("path"), s.Path)
	if s.Type != nil {
		oneOf(&c.report, at.Child("type"), *s.Type, corev1.HostPathUnset, corev1.HostPathBlockDev, corev1.HostPathCharDev, corev1.HostPathDirectory,
			corev1.HostPathDirectoryOrCreate, corev1.HostPathFile, corev1.HostPathFileOrCreate, corev1.HostPathSocket)
	}
}

func (c *podCheck) partition(at *field.Path, n int32) {
	if n < 0 || n > 255 {
		c.invalid(at.Child("partition"), n, validation.InclusiveRangeError(1, 255))
	}
}

// iscsiNames are the formats of targets and initiators, by prefix.
var iscsiNames = map[string]*regexp.Regexp{
	"iqn": regexp.MustCompile(`iqn\.\d{4}-\d{2}\.([[:alnum:]-.]+)(:[^,;*&$|\s]+)$`),
	"eui": regexp.MustCompile(`^eui.[[:alnum:]]{16}$`),
	"naa": regexp.MustCompile(`^naa.[[:alnum:]]{32}$`),
}

func (c *podCheck) iscsiName(at *field.Path, name string) {
	format := iscsiNames[name[:min(3, len(name))]]
	if format == nil {
		c.invalid(at, name, "must be valid format starting with iqn, eui, or naa")
	} else if !format.MatchString(name) {
		c.invalid(at, name, "must be valid format")
	}
}

func (c *podCheck) iscsi(at *field.Path, s *corev1.ISCSIVolumeSource) {
	c.present(at.Child("targetPortal"), s.TargetPortal)
	if c.present(at.Child("iqn"), s.IQN) {
		c.iscsiName(at.Child("iqn"), s.IQN)
	}
	if s.Lun < 0 || s.Lun > 255 {
		c.invalid(at.Child("lun"), s.Lun, validation.InclusiveRangeError(0, 255))
	}
	if (s.DiscoveryCHAPAuth || s.SessionCHAPAuth) && s.SecretRef == nil {
		c.required(at.Child("secretRef"), "")
	}
	if s.InitiatorName != nil {
		c.iscsiName(at.Child("initiatorname"), *s.InitiatorName)
	}
}

func (c *podCheck) flocker(at *field.Path, s *corev1.FlockerVolumeSource) {
	if s.DatasetName == "" && s.DatasetUUID == "" {
		c.required(at, "one of datasetName and datasetUUID is required")
	}
	if s.DatasetName != "" && s.DatasetUUID != "" {
		c.invalid(at, "resource", "datasetName and datasetUUID can not be specified simultaneously")
	}
	if strings.Contains(s.DatasetName, "/") {
		c.invalid(at.Child("datasetName"), s.DatasetName, "must not contain '/'")
	}
}

func (c *podCheck) quobyte(at *field.Path, s *corev1.QuobyteVolumeSource) {
	const pairs = "must be a host:port pair or multiple pairs separated by commas"
	switch {
	case s.Registry == "":
		c.required(at.Child("registry"), pairs)
	case len(s.Tenant) >= 65:
		c.required(at.Child("tenant"), "must be a UUID and may not exceed a length of 64 characters")
	default:
		for _, pair := range strings.Split(s.Registry, ",") {
			if _, _, err := net.SplitHostPort(pair); err != nil {
				c.invalid(at.Child("registry"), s.Registry, pairs)
			}
		}
	}
	c.present(at.Child("volume"), s.Volume)
}

func (c *podCheck) fibreChannel(at *field.Path, s *corev1.FCVolumeSource) {
	targets, lun := at.Child("targetWWNs"), at.Child("lun")
	if len(s.TargetWWNs) == 0 && len(s.WWIDs) == 0 {
		c.required(targets, "must specify either targetWWNs or wwids, but not both")
	}
	if len(s.TargetWWNs) > 0 && len(s.WWIDs) > 0 {
		c.invalid(targets, s.TargetWWNs, "targetWWNs and wwids can not be specified simultaneously")
	}
	if len(s.TargetWWNs) > 0 {
		if s.Lun == nil {
			c.required(lun, "lun is required if targetWWNs is specified")
		} else if *s.Lun < 0 || *s.Lun > 255 {
			c.invalid(lun, *s.Lun, validation.InclusiveRangeError(0, 255))
		}
	}
}

func (c *podCheck) flexVolume(at *field.Path, s *corev1.FlexVolumeSource) {
	c.present(at.Child("driver"), s.Driver)
	for _, key := range sortedKeys(s.Options) {
		domain, _, _ := strings.Cut(key, "/")
		domain = "." + strings.ToLower(domain)
		if strings.HasSuffix(domain, ".kubernetes.io") || strings.HasSuffix(domain, ".k8s.io") {
			c.invalid(at.Child("options").Key(key), key, "kubernetes.io and k8s.io namespaces are reserved")
		}
	}
}

func (c *podCheck) azureDisk(at *field.Path, s *corev1.AzureDiskVolumeSource) {
	c.present(at.Child("diskName"), s.DiskName)
	c.present(at.Child("diskURI"), s.DataDiskURI)
	if s.CachingMode != nil {
		oneOf(&c.report, at.Child("cachingMode"), *s.CachingMode, corev1.AzureDataDiskCachingNone, corev1.AzureDataDiskCachingReadOnly, corev1.AzureDataDiskCachingReadWrite)
	}
	if s.Kind == nil {
		return
	}
	oneOf(&c.report, at.Child("kind"), *s.Kind, corev1.AzureDedicatedBlobDisk, corev1.AzureManagedDisk, corev1.AzureSharedBlobDisk)
	managed := *s.Kind == corev1.AzureManagedDisk
	if managed && !strings.HasPrefix(s.DataDiskURI, "/subscriptions/") {
		c.add(field.NotSupported(at.Child("diskURI"), s.DataDiskURI,
			[]string{"/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}"}))
	}
	if !managed && !strings.HasPrefix(s.DataDiskURI, "https://") {
		c.add(field.NotSupported(at.Child("diskURI"), s.DataDiskURI, []string{"https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd"}))
	}
}

func (c *podCheck) storageOS(at *field.Path, s *corev1.StorageOSVolumeSource) {
	if c.present(at.Child("volumeName"), s.VolumeName) {
		c.messages(at.Child("volumeName"), s.VolumeName, validation.IsDNS1123Label(s.VolumeName))
	}
	if s.VolumeNamespace != "" {
		c.messages(at.Child("volumeNamespace"), s.VolumeNamespace, validation.IsDNS1123Label(s.VolumeNamespace))
	}
	if s.SecretRef != nil {
		c.present(at.Child("secretRef", "name"), s.SecretRef.Name)
	}
}

const maxDriverName = 63

func (c *podCheck) csi(at *field.Path, s *corev1.CSIVolumeSource) {
	driver := at.Child("driver")
	c.present(driver, s.Driver)
	if len(s.Driver) > maxDriverName {
		c.add(field.TooLong(driver, "", maxDriverName))
	}
	c.messages(driver, s.Driver, validation.IsDNS1123Subdomain(strings.ToLower(s.Driver)))
	if ref := s.NodePublishSecretRef; ref != nil && c.present(at.Child("nodePublishSecretRef", "name"), ref.Name) {
		c.messages(at.Child("name"), ref.Name, apivalidation.NameIsDNSSubdomain(ref.Name, false))
	}
}

// ephemeral checks the claim that is made for the volume, and the name it gets from pod and volume.
func (c *podCheck) ephemeral(at *field.Path, v *corev1.Volume) {
	if v.Ephemeral.VolumeClaimTemplate == nil {
		c.required(at.Child("volumeClaimTemplate"), "")
	} else {
		c.claimTemplate(at.Child("volumeClaimTemplate"), v.Ephemeral.VolumeClaimTemplate)
	}
	if c.podName != "" && v.Name != "" {
		claim := c.podName + "-" + v.Name
		for _, m := range apivalidation.NameIsDNSSubdomain(claim, false) {
			c.invalid(field.NewPath(strings.TrimSuffix(at.String(), ".ephemeral")).Child("name"), v.Name, fmt.Sprintf("PVC name %q: %v", claim, m))
		}
	}
}
