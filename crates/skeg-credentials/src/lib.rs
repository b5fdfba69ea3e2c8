//! Registry credentials: the configuration files and helper programs of Helm, Docker and Podman.
