package bailey.linux.fuse;

import bailey.core.abi.Errno;
import bailey.core.abi.Flags;
import bailey.core.error.ContainerBusy;
import bailey.core.error.NotPossibleHere;
import bailey.core.kernel.FileServing;
import bailey.core.kernel.FileWatching;
import bailey.linux.sys.FuseDescriptor;
import bailey.linux.sys.OwnedFd;
import bailey.linux.sys.SystemCallRefused;
import java.nio.ByteBuffer;

/** File systems that a program of this machine serves. */
public final class LinuxFileServing implements FileServing {
  private static final long MNT_FORCE = 1;

  /** Found by ServiceLoader. */
  public LinuxFileServing() {}

  @Override
  public Channel mount(String source, String directory) {
    FuseDescriptor device;
    try {
      device = FuseDescriptor.open();
    } catch (SystemCallRefused e) {
      throw new NotPossibleHere(
          "cannot serve files at "
              + directory
              + ": opening /dev/fuse failed: "
              + Errno.sentence(e.errno())
              + ". The kernel module fuse is missing, or this user may not: modprobe fuse, as root",
          e);
    }
    try {
      device.mount(source, directory, 0, 0);
      return new DeviceChannel(device);
    } catch (SystemCallRefused e) {
      device.close();
      throw new NotPossibleHere(
          "cannot serve files at "
              + directory
              + ": mounting it failed: "
              + Errno.sentence(e.errno())
              + (e.is(Errno.EPERM)
                  ? ". Only who may mount can: run bailey as root"
                  : ". Give a directory that is there, by its absolute path"),
          e);
    }
  }

  @Override
  public Channel adopt(int descriptor) {
    return new DeviceChannel(new FuseDescriptor(new OwnedFd(descriptor)));
  }

  @Override
  public boolean unmount(String directory, boolean force) {
    try {
      if (!force || !abort(directory)) {
        FuseDescriptor.unmount(directory, force ? Flags.MNT_DETACH : 0);
      }
      return true;
    } catch (SystemCallRefused e) {
      if (e.is(Errno.EINVAL) || e.is(Errno.ENOENT)) {
        return false;
      }
      if (e.is(Errno.EBUSY)) {
        throw new ContainerBusy(
            "cannot unmount "
                + directory
                + ": EBUSY (device or resource busy). Programs have files of it open, or are in it:"
                + " fuser -m "
                + directory
                + " shows them; --force does not ask",
            e);
      }
      throw new NotPossibleHere(
          "cannot unmount "
              + directory
              + ": "
              + Errno.sentence(e.errno())
              + (e.is(Errno.EPERM) ? ". Only who may mount can: run bailey as root" : ""),
          e);
    }
  }

  /** Answers whoever waits (fuse_umount_begin()); false where it stays mounted, being used. */
  private static boolean abort(String directory) throws SystemCallRefused {
    try {
      FuseDescriptor.unmount(directory, MNT_FORCE);
      return true;
    } catch (SystemCallRefused e) {
      if (!e.is(Errno.EBUSY)) {
        throw e;
      }
      return false;
    }
  }

  @Override
  public FileWatching watching(String directory) {
    return new LinuxFileWatching(directory);
  }

  private record DeviceChannel(FuseDescriptor device) implements Channel {
    @Override
    public int write(ByteBuffer from) {
      return device.write(from);
    }

    @Override
    public Lane lane(ByteBuffer request, ByteBuffer answer) {
      return device.lane(request, answer);
    }

    @Override
    public int lend(int descriptor) {
      return device.lend(descriptor);
    }

    @Override
    public void takeBack(int number) {
      device.takeBack(number);
    }

    @Override
    public int descriptor() {
      return device.number();
    }

    @Override
    public void close() {
      device.close();
    }
  }
}
